@{
    # Nested, not the root: Get-Help looks for the help beside the assembly of nested modules alone.
    NestedModules        = @('module/bin/PSRegistry.Module.dll')
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c9e1c-57a5-4f0e-9d3a-2b1f6f3c8a41'
    Author               = 'The PSRegistry authors'
    CompanyName          = 'The PSRegistry authors'
    Copyright            = '(c) The PSRegistry authors. Apache-2.0.'
    Description          = 'A container registry for Windows and Linux, and the cmdlets to work with any other: starts a docker registry v2 / OCI distribution server in the session, and lists what registries hold as objects.'

    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')

    FormatsToProcess     = @('module/PSRegistry.Format.ps1xml')
    FunctionsToExport    = @()
    VariablesToExport    = @()
    AliasesToExport      = @()
    CmdletsToExport      = @(
        'Add-RegistryTag'
        'Connect-Registry'
        'Copy-RegistryImage'
        'Disconnect-Registry'
        'Get-RegistryCatalog'
        'Get-RegistryConfiguration'
        'Get-RegistryConnection'
        'Get-RegistryImage'
        'Get-RegistryLocalImage'
        'Get-RegistryManifest'
        'Get-RegistryReferrer'
        'Get-RegistryServer'
        'Get-RegistryService'
        'Get-RegistryStatus'
        'Get-RegistryTag'
        'Get-RegistryUser'
        'New-RegistryCertificate'
        'Publish-RegistryImage'
        'Receive-RegistryServerLog'
        'Register-RegistryService'
        'Remove-RegistryImage'
        'Remove-RegistryTag'
        'Remove-RegistryUser'
        'Save-RegistryImage'
        'Send-RegistryEvent'
        'Set-RegistryUser'
        'Start-RegistryServer'
        'Stop-RegistryServer'
        'Test-Registry'
        'Test-RegistryAccess'
        'Test-RegistryConfiguration'
        'Test-RegistryDeployment'
        'Unregister-RegistryService'
        'Update-RegistryServer'
        'Wait-RegistryServer'
        'Watch-RegistryEvent'
    )

    PrivateData          = @{
        PSData = @{
            Tags       = @('registry', 'container', 'docker', 'oci', 'distribution', 'image', 'PSEdition_Core', 'Windows', 'Linux')
            LicenseUri = 'https://www.apache.org/licenses/LICENSE-2.0'
        }
    }
}
