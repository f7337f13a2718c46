BeforeAll { . $PSScriptRoot/Session.ps1 }

Describe 'Start-RegistryServer' {
    AfterEach { Get-RegistryServer | Stop-RegistryServer }

    It 'serves a folder and says where' {
        $server = Start-RegistryServer -RootDirectory "$TestDrive/data" -Port 0
        $server.State | Should -Be 'Running'
        (Invoke-WebRequest "$($server.Uri)v2/").Headers['Docker-Distribution-Api-Version'] | Should -Be 'registry/2.0'
        "$TestDrive/data" | Should -Exist
    }

    It 'reads the original configuration' {
        Set-Content "$TestDrive/config.yml" "version: 0.1`nstorage: {filesystem: {rootdirectory: '$TestDrive/images'}}`nhttp: {addr: '127.0.0.1:0', headers: {X-Test: [here]}}"
        Push-Location $TestDrive
        $server = Start-RegistryServer ./config.yml
        Pop-Location
        $server.DataFolder | Should -Be "$TestDrive/images"
        (Invoke-WebRequest "$($server.Uri)v2/").Headers['X-Test'] | Should -Be 'here'
    }

    It 'names every fault of a configuration with its line' {
        Set-Content "$TestDrive/bad.yml" "version: 0.1`nstorage: {inmemory: {}}`nhttp:`n  addr: five`n  draintimeout: soon"
        { Start-RegistryServer "$TestDrive/bad.yml" } | Should -Throw -ErrorId 'ConfigurationFault,*' -ExpectedMessage '*bad.yml:4*http.addr*bad.yml:5*http.draintimeout*'
    }

    It 'writes its log to the pipeline and stops when the pipeline is broken off' {
        $first = Start-RegistryServer -InMemory -Wait | Select-Object -First 1
        $first.Message | Should -Match '^psregistry .* serves http://127\.0\.0\.1:'
        Get-RegistryServer | Should -BeNullOrEmpty
    }

    It 'shows a table' {
        Start-RegistryServer -InMemory | Out-String | Should -Match 'Uri\s+State\s+Started\s+Data'
    }
}

Describe 'The end of a session' {
    It 'ends the servers of a runspace of ForEach-Object -Parallel with it' {
        $module = (Get-Module PSRegistry).Path
        $uris = 1..2 | ForEach-Object -Parallel { Import-Module $using:module; (Start-RegistryServer -InMemory).Uri }
        $uris | Should -HaveCount 2
        foreach ($uri in $uris) { { Invoke-WebRequest "$($uri)v2/" -ConnectionTimeoutSeconds 5 } | Should -Throw }
    }

    It 'ends the servers when the module is removed' {
        $server = Start-RegistryServer -InMemory
        Remove-Module PSRegistry
        $server.State | Should -Be 'Stopped'
        . $PSScriptRoot/Session.ps1
    }
}

Describe 'A server of this session' {
    AfterEach { Get-RegistryServer | Stop-RegistryServer }

    It 'is replaced by force' {
        $first = Start-RegistryServer -InMemory
        $second = Start-RegistryServer -InMemory -Port $first.Uri.Port -Force
        $first.State, $second.State | Should -Be 'Stopped', 'Running'
    }

    It 'shows its log and what it has done' {
        $server = Start-RegistryServer -InMemory
        Push-EmptyImage $server.Uri nginx 1
        $server | Receive-RegistryServerLog | Select-Object -First 1 -ExpandProperty Message | Should -Match '^psregistry'
        $server | Receive-RegistryServerLog -Tail 1 | Should -HaveCount 1
        $server.Requests | Should -BeGreaterOrEqual 2
        $server.BytesReceived | Should -BeGreaterThan 100
        $server.Errors | Should -Be 0
    }

    It 'reads its configuration again' {
        $config = Join-Path $TestDrive config.yml
        "version: 0.1`nstorage: inmemory`nhttp: {addr: '127.0.0.1:0'}" | Set-Content $config
        $server = Start-RegistryServer $config
        "version: 0.1`nstorage: {inmemory: {}, maintenance: {readonly: {enabled: true}}}`nhttp: {addr: '127.0.0.1:0'}" | Set-Content $config
        ($server | Update-RegistryServer -PassThru).ConfiguredAt | Should -BeGreaterOrEqual $server.Started
        'version: 0.2' | Set-Content $config
        { $server | Update-RegistryServer -ErrorAction Stop } | Should -Throw -ErrorId 'ConfigurationFault,*'
        $server.State | Should -Be 'Running'
    }

    It 'is examined' {
        $findings = Start-RegistryServer -InMemory | Test-RegistryDeployment
        $findings.Status | Should -Not -Contain 'Failed'
        $findings.Check | Should -Contain 'Large body'
    }

    It 'is waited for' {
        Start-RegistryServer -InMemory | Wait-RegistryServer -State Running -Timeout 30 -PassThru | Should -HaveCount 1
        { Wait-RegistryServer -Timeout 0 -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryServerTimeout,*'
    }
}
