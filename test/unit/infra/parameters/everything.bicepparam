using '../../../../infra/main.bicep'

// Everything that can be turned on; the sign-in by the registration that the hooks have made.
param environmentName = 'test'
param location = 'westeurope'
param principalId = '11111111-1111-1111-1111-111111111111'
param principalType = 'ServicePrincipal'
param grantTablesToPrincipal = true
param partnerCenterTenantId = '22222222-2222-2222-2222-222222222222'
param partnerCenterClientId = '33333333-3333-3333-3333-333333333333'
param httpAuth = 'signIn'
param signInRegistrationClientId = '66666666-6666-6666-6666-666666666666'
param privateNetwork = true
param allowedIpRanges = '198.51.100.7, 203.0.113.0/24,'
param alertEmails = 'night@example.com, day@example.com,'
param alertWebhookUri = 'https://hooks.example.com/usage'
param budgetDigestThresholdPercent = 90
param budgetCrossingAlerts = true
param anomalyAlerts = true
param completeRunDueHourUtc = 14
param firstNight = '2026-03-01'
param healthTest = true
