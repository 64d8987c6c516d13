// Cloudtally: lands a bill in the lake when Cost Management has written its manifest, and tells a topic.
// Read by a parser of Bicep alone (tests/clouds/test_deploy_files.py): no compiler and no cloud has run it.

@description('The storage account that exports are delivered to, in this resource group.')
param billsAccount string

@description('The container of the exports.')
param billsContainer string

@description('Their root folder in it, without slashes at its ends.')
param billsFolder string

@description('The storage account of the lake, in this resource group.')
param lakeAccount string

@description('The container of the lake.')
param lakeContainer string

@description('The lake in its container, without slashes at its ends.')
param lakeFolder string = 'tally'

param location string = resourceGroup().location
param name string = 'cloudtally'

var suffix = uniqueString(resourceGroup().id)
var blobDataReader = '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1'
var blobDataContributor = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe'
var blobDataOwner = 'b7e6dc6d-f1e8-4753-8033-0f276bb0955b'
var busDataReceiver = '4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0'
var busDataSender = '69a216fc-b8fb-44d8-bc22-1f3c2cd27a39'
var gridDataSender = 'd5a91429-5739-47e2-a06b-3470a27159e7'

resource bills 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: billsAccount
}

resource billsBlobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: bills
  name: 'default'
}

resource billsBox 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  parent: billsBlobs
  name: billsContainer
}

resource lake 'Microsoft.Storage/storageAccounts@2023-05-01' existing = {
  name: lakeAccount
}

resource lakeBlobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' existing = {
  parent: lake
  name: 'default'
}

resource lakeBox 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' existing = {
  parent: lakeBlobs
  name: lakeContainer
}

// the queue before the function; what failed too often stays in its dead-letter queue
resource bus 'Microsoft.ServiceBus/namespaces@2022-10-01-preview' = {
  name: '${name}-${suffix}'
  location: location
  sku: {
    name: 'Standard'
  }
  properties: {
    disableLocalAuth: true
  }
}

resource arrivals 'Microsoft.ServiceBus/namespaces/queues@2022-10-01-preview' = {
  parent: bus
  name: 'arrivals'
  properties: {
    lockDuration: 'PT5M'
    maxDeliveryCount: 30
    deadLetteringOnMessageExpiration: true
    defaultMessageTimeToLive: 'P14D'
  }
}

// tells the queue of manifests
resource grid 'Microsoft.EventGrid/systemTopics@2022-06-15' = {
  name: '${name}-bills'
  location: bills.location
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    source: bills.id
    topicType: 'Microsoft.Storage.StorageAccounts'
  }
}

resource gridSends 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(arrivals.id, grid.id, busDataSender)
  scope: arrivals
  properties: {
    principalId: grid.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', busDataSender)
  }
}

resource manifests 'Microsoft.EventGrid/systemTopics/eventSubscriptions@2022-06-15' = {
  parent: grid
  name: 'manifests'
  dependsOn: [
    gridSends
  ]
  properties: {
    eventDeliverySchema: 'CloudEventSchemaV1_0'
    filter: {
      includedEventTypes: [
        'Microsoft.Storage.BlobCreated'
      ]
      subjectBeginsWith: '/blobServices/default/containers/${billsContainer}/blobs/${billsFolder}/'
      subjectEndsWith: 'manifest.json'
    }
    deliveryWithResourceIdentity: {
      identity: {
        type: 'SystemAssigned'
      }
      destination: {
        endpointType: 'ServiceBusQueue'
        properties: {
          resourceId: arrivals.id
        }
      }
    }
  }
}

// where landed deliveries are told
resource ingested 'Microsoft.EventGrid/topics@2022-06-15' = {
  name: '${name}-ingested-${suffix}'
  location: location
  properties: {
    inputSchema: 'CloudEventSchemaV1_0'
    disableLocalAuth: true
  }
}

// the function, with its own storage
resource home 'Microsoft.Storage/storageAccounts@2023-05-01' = {
  name: take('tally${suffix}', 24)
  location: location
  sku: {
    name: 'Standard_LRS'
  }
  kind: 'StorageV2'
  properties: {
    allowBlobPublicAccess: false
    allowSharedKeyAccess: false
    minimumTlsVersion: 'TLS1_2'
  }
}

resource homeBlobs 'Microsoft.Storage/storageAccounts/blobServices@2023-05-01' = {
  parent: home
  name: 'default'
}

resource packages 'Microsoft.Storage/storageAccounts/blobServices/containers@2023-05-01' = {
  parent: homeBlobs
  name: 'packages'
}

resource plan 'Microsoft.Web/serverfarms@2024-04-01' = {
  name: name
  location: location
  kind: 'functionapp'
  sku: {
    tier: 'FlexConsumption'
    name: 'FC1'
  }
  properties: {
    reserved: true
  }
}

resource land 'Microsoft.Web/sites@2024-04-01' = {
  name: '${name}-land-${suffix}'
  location: location
  kind: 'functionapp,linux'
  identity: {
    type: 'SystemAssigned'
  }
  properties: {
    serverFarmId: plan.id
    httpsOnly: true
    functionAppConfig: {
      deployment: {
        storage: {
          type: 'blobContainer'
          value: '${home.properties.primaryEndpoints.blob}packages'
          authentication: {
            type: 'SystemAssignedIdentity'
          }
        }
      }
      runtime: {
        name: 'python'
        version: '3.12'
      }
      scaleAndConcurrency: {
        instanceMemoryMB: 4096
        maximumInstanceCount: 40
      }
    }
    siteConfig: {
      appSettings: [
        {
          name: 'AzureWebJobsStorage__accountName'
          value: home.name
        }
        {
          name: 'CLOUDTALLY_BUS__fullyQualifiedNamespace'
          value: '${bus.name}.servicebus.windows.net'
        }
        {
          name: 'CLOUDTALLY_QUEUE'
          value: arrivals.name
        }
        {
          name: 'CLOUDTALLY_LAKE'
          value: 'abfss://${lakeContainer}@${lakeAccount}.dfs.${environment().suffixes.storage}/${lakeFolder}'
        }
        {
          name: 'CLOUDTALLY_SOURCES'
          value: '[{"provider": "azure", "source": "abfss://${billsContainer}@${billsAccount}.dfs.${environment().suffixes.storage}/${billsFolder}"}]'
        }
        {
          name: 'CLOUDTALLY_EVENTS_TO'
          value: ingested.properties.endpoint
        }
      ]
    }
  }
}

// what the function may: read bills, write the lake, take messages, tell, and keep its own house
resource readsBills 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(billsBox.id, land.id, blobDataReader)
  scope: billsBox
  properties: {
    principalId: land.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataReader)
  }
}

resource writesLake 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(lakeBox.id, land.id, blobDataContributor)
  scope: lakeBox
  properties: {
    principalId: land.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataContributor)
  }
}

resource takesArrivals 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(arrivals.id, land.id, busDataReceiver)
  scope: arrivals
  properties: {
    principalId: land.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', busDataReceiver)
  }
}

resource tells 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(ingested.id, land.id, gridDataSender)
  scope: ingested
  properties: {
    principalId: land.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', gridDataSender)
  }
}

resource keepsHouse 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  name: guid(home.id, land.id, blobDataOwner)
  scope: home
  properties: {
    principalId: land.identity.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', blobDataOwner)
  }
}

output functionName string = land.name
