using '../../../../infra/main.bicep'

// The sign-in without a registration, which is refused.
param environmentName = 'test'
param location = 'westeurope'
param partnerCenterTenantId = '22222222-2222-2222-2222-222222222222'
param partnerCenterClientId = '33333333-3333-3333-3333-333333333333'
param httpAuth = 'signIn'
