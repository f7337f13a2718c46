BeforeAll {
    . $PSScriptRoot/Session.ps1
}

Describe 'Register-, Get- and Unregister-RegistryService' -Skip:(-not $IsLinux) {
    BeforeAll {
        $before = Enter-FakeSystemd $TestDrive
        Set-Content "$TestDrive/config.yml" "version: 0.1`nstorage: {inmemory: {}}`nhttp: {addr: '127.0.0.1:0'}"
    }
    AfterAll {
        Exit-FakeSystemd $before
    }

    It 'shows the unit and writes nothing with -WhatIf' {
        (Register-RegistryService "$TestDrive/config.yml" -User registry -WhatIf -PassThru).Definition | Should -Match 'ProtectSystem=strict'
        Get-RegistryService | Should -BeNullOrEmpty
    }

    It 'registers from a file object, shows in a table, and unregisters by the pipeline' {
        Get-Item "$TestDrive/config.yml" | Register-RegistryService -User registry -Environment @{ REGISTRY_HTTP_SECRET = 'wolf' } -Start
        Get-RegistryService | Out-String | Should -Match 'Name\s+Scope\s+Status\s+StartupType\s+User\s+ConfigPath\s+-+.*\s+psregistry\s+System\s+Running\s+Automatic\s+registry\s+'
        Get-RegistryService | Format-List * | Out-String | Should -Not -Match 'wolf'
        Get-Content "$TestDrive/bin/log" | Should -Contain '--no-pager --no-ask-password start psregistry.service'
        Get-RegistryService | Unregister-RegistryService
        Get-ChildItem $env:SYSTEMD_UNIT_PATH | Should -BeNullOrEmpty
    }
}
