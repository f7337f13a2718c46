BeforeAll {
    . $PSScriptRoot/Session.ps1
}

Describe 'Register-, Get- and Unregister-RegistryService' -Skip:(-not $IsLinux) {
    BeforeAll {
        # A systemctl that only notes what it is asked, and a folder of units of its own: the services of this machine are none of the test's.
        $before = @{ PATH = $env:PATH; SYSTEMD_UNIT_PATH = $env:SYSTEMD_UNIT_PATH }
        $bin = (New-Item -ItemType Directory "$TestDrive/bin").FullName
        $env:SYSTEMD_UNIT_PATH = (New-Item -ItemType Directory "$TestDrive/units").FullName
        Set-Content "$bin/systemctl" "#!/bin/sh`necho `"`$*`" >>'$bin/log'`ncase `"`$*`" in *is-system-running*) echo running ;; *show*) echo ActiveState=active ;; *is-enabled*) echo enabled ;; esac"
        Set-Content "$bin/psregistry" "#!/bin/sh"
        chmod +x "$bin/systemctl" "$bin/psregistry"
        $env:PATH = "$bin$([IO.Path]::PathSeparator)$env:PATH"
        Set-Content "$TestDrive/config.yml" "version: 0.1`nstorage: {inmemory: {}}`nhttp: {addr: '127.0.0.1:0'}"
    }
    AfterAll {
        $env:PATH = $before.PATH
        $env:SYSTEMD_UNIT_PATH = $before.SYSTEMD_UNIT_PATH
    }

    It 'shows the unit and writes nothing with -WhatIf' {
        (Register-RegistryService "$TestDrive/config.yml" -User registry -WhatIf -PassThru).Definition | Should -Match 'ProtectSystem=strict'
        Get-RegistryService | Should -BeNullOrEmpty
    }

    It 'registers from a file object, shows in a table, and unregisters by the pipeline' {
        Get-Item "$TestDrive/config.yml" | Register-RegistryService -User registry -Environment @{ REGISTRY_HTTP_SECRET = 'wolf' } -Start
        Get-RegistryService | Out-String | Should -Match 'Name\s+Scope\s+Status\s+StartupType\s+User\s+ConfigPath\s+-+.*\s+psregistry\s+System\s+Running\s+Automatic\s+registry\s+'
        Get-RegistryService | Format-List * | Out-String | Should -Not -Match 'wolf'
        Get-Content "$bin/log" | Should -Contain '--no-pager --no-ask-password start psregistry.service'
        Get-RegistryService | Unregister-RegistryService
        Get-ChildItem $env:SYSTEMD_UNIT_PATH | Should -BeNullOrEmpty
    }
}
