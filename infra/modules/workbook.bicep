@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param workspaceResourceId string

resource workbook 'Microsoft.Insights/workbooks@2023-06-01' = {
  // A workbook's name has to be a GUID.
  name: guid(token, 'usage-snapshots')
  location: location
  tags: tags
  kind: 'shared'
  properties: {
    displayName: 'Usage snapshots'
    category: 'workbook'
    sourceId: workspaceResourceId
    serializedData: replace(loadTextContent('../workbook.json'), 'WORKSPACE_RESOURCE_ID', workspaceResourceId)
  }
}

output uri string = '${environment().portal}/#@${tenant().tenantId}/resource${workbook.id}/workbook'
