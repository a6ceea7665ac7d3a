using '../../../../infra/main.bicep'

// The sign-in by a registration of one's own, a client secret, and no lock.
param environmentName = 'test'
param location = 'westeurope'
param partnerCenterTenantId = '22222222-2222-2222-2222-222222222222'
param partnerCenterClientId = '33333333-3333-3333-3333-333333333333'
param partnerCenterClientSecretName = 'partner-center-client-secret'
param httpAuth = 'signIn'
param signInClientId = '77777777-7777-7777-7777-777777777777'
param signInRegistrationClientId = '66666666-6666-6666-6666-666666666666'
param storageDeleteLock = false
