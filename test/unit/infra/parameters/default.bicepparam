using '../../../../infra/main.bicep'

// What has no default, and what azd adds.
param environmentName = 'test'
param location = 'westeurope'
param principalId = '11111111-1111-1111-1111-111111111111'
param partnerCenterTenantId = '22222222-2222-2222-2222-222222222222'
param partnerCenterClientId = '33333333-3333-3333-3333-333333333333'
