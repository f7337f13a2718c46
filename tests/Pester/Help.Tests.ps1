BeforeDiscovery {
    . $PSScriptRoot/Session.ps1
    $cmdlets = Get-Command -Module PSRegistry | ForEach-Object Name
}

BeforeAll {
    . $PSScriptRoot/Session.ps1
    # What the examples ask for and call.
    function global:Get-Credential($user) { [pscredential]::new($user, (ConvertTo-SecureString 'x' -AsPlainText -Force)) }
    Push-Location $TestDrive
    Set-Content config.yml "version: 0.1`nstorage: {inmemory: {}}`nhttp: {addr: '127.0.0.1:0'}"
    $null = New-Item images -ItemType Directory
    New-ImageArchive ./images/app.tar team/app:1.0
    Set-Content htpasswd "ann:x`nbuild-1:x"
    $before = $env:REGISTRY_HTTP_ADDR, $env:XDG_DATA_HOME, $env:DOCKER_CONFIG
    $env:REGISTRY_HTTP_ADDR = '127.0.0.1:0'
    $env:XDG_DATA_HOME = "$TestDrive/home"
    $env:DOCKER_CONFIG = "$TestDrive/docker"
    # The data folder of the examples.
    $env:REGISTRY_NOTIFICATIONS_OUTBOX_ENABLED = 'true'
    $server = Start-RegistryServer -RootDirectory ./registry
    Remove-Item env:REGISTRY_NOTIFICATIONS_OUTBOX_ENABLED
    Push-EmptyImage $server.Uri team/app '1.0', 'old', '0.9'
    $server | Stop-RegistryServer
    if ($IsLinux) { $systemd = Enter-FakeSystemd $TestDrive }
}
AfterAll {
    if ($IsLinux) { Exit-FakeSystemd $systemd }
    Get-RegistryServer | Stop-RegistryServer
    $env:REGISTRY_HTTP_ADDR, $env:XDG_DATA_HOME, $env:DOCKER_CONFIG = $before
    Pop-Location
    Remove-Item function:global:Get-Credential
}

Describe 'Get-Help <_>' -ForEach $cmdlets {
    It 'reads well' {
        $help = Get-Help $_ -Full | Out-String
        $help | Should -Match 'DESCRIPTION\s+\S'
        $help | Should -Match 'Example 2'
        (Get-Help $_).Synopsis | Should -Not -Match 'CommonParameters'
    }

    It 'has examples that run' {
        foreach ($example in (Get-Help $_ -Examples).examples.example) {
            # These go on until somebody ends them.
            if ($example.code -match ' -Wait\b|Wait-RegistryServer$') { continue }
            # These want a docker engine.
            if ($example.code -match 'LocalImage') { continue }
            if ($example.code -match 'RegistryService') {
                if (-not $IsLinux) { continue }
                Get-RegistryService | Unregister-RegistryService -Confirm:$false
                if ($example.code -notmatch 'Register-RegistryService' -or $example.code -match 'Unregister') { Register-RegistryService ./config.yml -User registry }
            }
            # One server of this session is what most examples mean.
            $registry = Start-RegistryServer -InMemory
            Push-EmptyImage $registry.Uri team/app '1.0', 'old', '0.9'
            $code = $example.code.Replace('registry.local:5000', $registry.Registry).Replace('/etc/registry/config.yml', './config.yml -User registry')
            { & ([scriptblock]::Create("`$ErrorActionPreference = 'Stop'; $code")) } | Should -Not -Throw -Because $code
            Get-RegistryServer | Stop-RegistryServer -Force
            # An example may leave a variable behind, as it would at a prompt.
            Get-Item env:REGISTRY_* | Where-Object Name -ne REGISTRY_HTTP_ADDR | Remove-Item
            Get-RegistryConnection | Disconnect-Registry
        }
    }
}
