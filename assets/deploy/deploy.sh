#!/bin/sh
# Deploys the Service Manager web app {{site}} with the Azure CLI. Read it, then run it in this folder: sh deploy.sh
# {{password_note}}
set -eu

az account set --subscription '{{subscription}}'
az provider register --namespace Microsoft.Web --wait
az provider register --namespace Microsoft.Relay --wait
az group create --name '{{group}}' --location '{{location}}' --output none

# 1. The plan and the web app, by Microsoft's own template.
az deployment group create --resource-group '{{group}}' --name '{{site}}-web' --output none \
  --template-uri '{{template}}' --parameters '@web-app.parameters.json'

# 2. The app registration. Its identifier URI is api://<client ID>: Entra refuses addresses that no one has verified,
#    and https://{{site}}.azurewebsites.net is one.
TENANT=$(az account show --query tenantId --output tsv)
CLIENT_ID=$(az ad app create --display-name '{{site}}' --sign-in-audience AzureADMyOrg --query appId --output tsv)
az ad app update --id "$CLIENT_ID" --identifier-uris "api://$CLIENT_ID"
az ad sp create --id "$CLIENT_ID" --output none

# 3. The web app's settings. This replaces the app settings and connection strings of the web app.
az deployment group create --resource-group '{{group}}' --name '{{site}}-settings' --output none \
  --template-file 'settings.template.json' \
  --parameters '@settings.parameters.json' tenant="$TENANT" clientId="$CLIENT_ID" audience="api://$CLIENT_ID"

# 4. The Service Bus namespace of the hybrid connection.
{{namespace_command}}

echo 'Server URL:    {{url}}'
echo "Tenant:        $TENANT"
echo "Audience:      api://$CLIENT_ID"
echo "Client ID:     $CLIENT_ID"
echo 'Make the client secret with the next command, and give it to itsmc only. It is shown once:'
echo "  az ad app credential reset --id $CLIENT_ID --append --display-name itsmc --years 1 --query password --output tsv"
echo 'Then go on with NEXT-STEPS.md: the hybrid connection is made by hand.'
