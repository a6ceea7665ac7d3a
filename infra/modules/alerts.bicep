@description('Makes the names of resources unique.')
param token string
param location string
param tags object
param workspaceResourceId string

@description('Address of the workbook, which every alert names.')
param workbookUri string
param emails string[]

@secure()
param webhookUri string

param budgetDigestThresholdPercent int
param budgetCrossingAlerts bool
param anomalyAlerts bool
param completeRunDueHourUtc int

@description('Day of the first night that was due, yyyy-MM-dd; empty: every night was due.')
param firstNight string

resource people 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(emails)) {
  name: 'ag-people-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'usage mail'
    enabled: true
    emailReceivers: map(emails, address => {
      name: address
      emailAddress: address
      useCommonAlertSchema: true
    })
  }
}

resource programs 'Microsoft.Insights/actionGroups@2023-01-01' = if (!empty(webhookUri)) {
  name: 'ag-programs-${token}'
  location: 'global'
  tags: tags
  properties: {
    groupShortName: 'usage hook'
    enabled: true
    webhookReceivers: [
      {
        name: 'webhook'
        serviceUri: webhookUri
        useCommonAlertSchema: true
      }
    ]
  }
}

var toPeople = empty(emails) ? [] : [people.id]
var toPrograms = empty(webhookUri) ? [] : [programs.id]
var receivers = {
  people: toPeople
  programs: toPrograms
  all: concat(toPeople, toPrograms)
}

// A query stands in its file as it can be run by hand. Lines of it that are a parameter here:
var queryLines = [
  { from: 'let thresholdPercent = 100;', to: 'let thresholdPercent = ${budgetDigestThresholdPercent};' }
  { from: 'let dueHourUtc = 12;', to: 'let dueHourUtc = ${completeRunDueHourUtc};' }
  {
    from: 'let firstNight = datetime(null);'
    to: 'let firstNight = datetime(${empty(firstNight) ? 'null' : firstNight});'
  }
]

// A rule with `isState` fires once for each row, known by its dimensions, and is resolved when the row
// is gone. Without it each row fires at every evaluation that finds it, however many there are.
var rules = [
  {
    name: 'budget-digest'
    displayName: 'Usage snapshots: budgets crossed'
    description: 'Customers have crossed a threshold of their budget. They are named as the dimension "crossings", of the hour that ends at "until", UTC.'
    query: loadTextContent('../queries/budgetDigest.kql')
    dimensions: ['until', 'crossings']
    severity: 2
    isEnabled: true
    isState: true
    receivers: 'people'
  }
  {
    name: 'budget-crossing'
    displayName: 'Usage snapshots: a budget crossed'
    description: 'A customer has crossed a threshold of its budget. The same alertId comes up to three times.'
    query: loadTextContent('../queries/budgetCrossing.kql')
    dimensions: ['alertId', 'customerId', 'customerName', 'thresholdKind', 'threshold', 'percentUsed']
    severity: 3
    isEnabled: budgetCrossingAlerts
    isState: false
    // Of mails there may be 100 an hour to an address, and the first of a month can bring more.
    receivers: 'programs'
  }
  {
    name: 'no-complete-run-by-hour'
    displayName: 'Usage snapshots: the day is not complete'
    description: 'No run has completed the day by ${completeRunDueHourUtc}:00 UTC. What is missing at midnight UTC is lost: look at "runs", then run "doctor".'
    query: loadTextContent('../queries/noCompleteRunByHour.kql')
    dimensions: []
    severity: 1
    isEnabled: true
    isState: true
    receivers: 'all'
  }
  {
    name: 'no-complete-run-for-26-hours'
    displayName: 'Usage snapshots: no complete run for 26 hours'
    description: 'No run has been complete for 26 hours, or nothing of it was told: is the function app running?'
    query: loadTextContent('../queries/noCompleteRunFor26Hours.kql')
    dimensions: []
    severity: 1
    isEnabled: true
    isState: true
    receivers: 'all'
  }
  {
    name: 'run-failed'
    displayName: 'Usage snapshots: the latest run failed, or left something undone'
    description: 'The latest run has failed, or has recorded everybody and could not tell what days cost or send alerts. The next hour tries again. Its error, in the result of the query, says why and mostly what to do. "doctor" checks settings, token and rights with your own identity: of the app\'s it sees neither the federated credential nor the roles.'
    query: loadTextContent('../queries/runFailed.kql')
    dimensions: []
    severity: 2
    isEnabled: true
    isState: true
    receivers: 'all'
  }
  {
    name: 'refresh-token'
    displayName: 'Usage snapshots: refresh token not replaced'
    description: 'At the latest sign-in the stored refresh token was not replaced: the new one could not be stored, or there was none. The stored one dies 90 days after it was given out, used or not; ageDays, in the result of the query, is its age. Check the role of the app on the vault, or run "login".'
    query: loadTextContent('../queries/refreshToken.kql')
    dimensions: []
    severity: 1
    isEnabled: true
    isState: true
    receivers: 'all'
  }
  {
    name: 'anomaly-digest'
    displayName: 'Usage snapshots: unusual days'
    description: 'Customers have spent much more or much less than usual. They are named as the dimension "anomalies", of the hour that ends at "until", UTC.'
    query: loadTextContent('../queries/anomalyDigest.kql')
    dimensions: ['until', 'anomalies']
    severity: 3
    isEnabled: anomalyAlerts
    isState: true
    receivers: 'all'
  }
  {
    name: 'new-refusals'
    displayName: 'Usage snapshots: customers refused'
    description: 'Partner Center refuses customers that it did not refuse the day before. They are named as the dimension "refusals", of the day that ends at "until", UTC.'
    query: loadTextContent('../queries/newRefusals.kql')
    dimensions: ['until', 'refusals']
    severity: 3
    isEnabled: true
    isState: true
    receivers: 'people'
  }
  {
    name: 'lasting-failures'
    displayName: 'Usage snapshots: customers that fail for days'
    description: 'Customers have failed for three days or more. They are named as the dimension "failures", of the day that ends at "until", UTC, and again each week.'
    query: loadTextContent('../queries/lastingFailures.kql')
    dimensions: ['until', 'failures']
    severity: 3
    isEnabled: true
    isState: true
    receivers: 'people'
  }
]

resource rule 'Microsoft.Insights/scheduledQueryRules@2023-12-01' = [
  for item in rules: {
    name: '${item.name}-${token}'
    location: location
    tags: tags
    kind: 'LogAlert'
    properties: {
      displayName: item.displayName
      description: '${item.description} Nights, failures and budgets of the last 35 days: ${workbookUri}'
      scopes: [workspaceResourceId]
      severity: item.severity
      enabled: item.isEnabled
      // The longest after which a missing night leaves time to act.
      evaluationFrequency: 'PT1H'
      // The longest there is: lines may come late, and 26 hours have to fit.
      windowSize: 'P2D'
      autoMitigate: item.isState
      // A new workspace may not know the table before the first line has come.
      skipQueryValidation: true
      criteria: {
        allOf: [
          {
            query: reduce(queryLines, item.query, (query, line) => replace(query, line.from, line.to))
            timeAggregation: 'Count'
            operator: 'GreaterThan'
            threshold: 0
            dimensions: map(item.dimensions, column => { name: column, operator: 'Include', values: ['*'] })
            failingPeriods: {
              numberOfEvaluationPeriods: 1
              minFailingPeriodsToAlert: 1
            }
          }
        ]
      }
      actions: {
        actionGroups: receivers[item.receivers]
      }
    }
  }
]

// What a digest tells is over, not cured: its end is no news.
var digests = filter(rules, item => contains(item.dimensions, 'until'))

resource silentEnds 'Microsoft.AlertsManagement/actionRules@2021-08-08' = {
  name: 'silent-ends-${token}'
  location: 'global'
  tags: tags
  properties: {
    description: 'Nobody is told that a digest of usage snapshots has closed.'
    enabled: true
    scopes: [workspaceResourceId]
    conditions: [
      { field: 'MonitorCondition', operator: 'Equals', values: ['Resolved'] }
      {
        field: 'AlertRuleId'
        operator: 'Equals'
        // At most 5.
        values: map(digests, item => resourceId('Microsoft.Insights/scheduledQueryRules', '${item.name}-${token}'))
      }
    ]
    actions: [{ actionType: 'RemoveAllActionGroups' }]
  }
}

output actionGroupIds string[] = receivers.all
