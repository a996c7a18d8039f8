# Deploys the Service Manager web app {{site}} with the Azure CLI. Read it, then run it in this folder: .\deploy.ps1
# {{password_note}}
$ErrorActionPreference = 'Stop'
function Assert-Done { if ($LASTEXITCODE -ne 0) { throw 'The command before this failed; see above.' } }

az account set --subscription '{{subscription}}'; Assert-Done
az provider register --namespace Microsoft.Web --wait; Assert-Done
az provider register --namespace Microsoft.Relay --wait; Assert-Done
az group create --name '{{group}}' --location '{{location}}' --output none; Assert-Done

# 1. The plan and the web app, by Microsoft's own template.
az deployment group create --resource-group '{{group}}' --name '{{site}}-web' --output none `
  --template-uri '{{template}}' --parameters '@web-app.parameters.json'; Assert-Done

# 2. The app registration. Its identifier URI is api://<client ID>: Entra refuses addresses that no one has verified,
#    and https://{{site}}.azurewebsites.net is one.
$Tenant = az account show --query tenantId --output tsv; Assert-Done
$ClientId = az ad app create --display-name '{{site}}' --sign-in-audience AzureADMyOrg --query appId --output tsv; Assert-Done
az ad app update --id $ClientId --identifier-uris "api://$ClientId"; Assert-Done
az ad sp create --id $ClientId --output none; Assert-Done

# 3. The web app's settings. This replaces the app settings and connection strings of the web app.
az deployment group create --resource-group '{{group}}' --name '{{site}}-settings' --output none `
  --template-file 'settings.template.json' `
  --parameters '@settings.parameters.json' "tenant=$Tenant" "clientId=$ClientId" "audience=api://$ClientId"; Assert-Done

# 4. The Service Bus namespace of the hybrid connection.
{{namespace_command}}; Assert-Done

Write-Output 'Server URL:    {{url}}'
Write-Output "Tenant:        $Tenant"
Write-Output "Audience:      api://$ClientId"
Write-Output "Client ID:     $ClientId"
Write-Output 'Make the client secret with the next command, and give it to itsmc only. It is shown once:'
Write-Output "  az ad app credential reset --id $ClientId --append --display-name itsmc --years 1 --query password --output tsv"
Write-Output 'Then go on with NEXT-STEPS.md: the hybrid connection is made by hand.'
