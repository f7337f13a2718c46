BeforeAll {
    . $PSScriptRoot/Session.ps1
    $server = Start-RegistryServer -InMemory
    Push-EmptyImage $server.Uri nginx 1.25, 1.26, latest
    Push-EmptyImage $server.Uri team/app v1
}
AfterAll { Stop-RegistryServer }

Describe 'Get-RegistryCatalog | Get-RegistryTag' {
    It 'lists everything of the server of this session' {
        Get-RegistryCatalog | Get-RegistryTag | ForEach-Object { "$_" } |
            Should -Be "$($server.Registry)/nginx:1.25", "$($server.Registry)/nginx:1.26", "$($server.Registry)/nginx:latest", "$($server.Registry)/team/app:v1"
    }

    It 'composes with the cmdlets of PowerShell' {
        Get-RegistryCatalog | Get-RegistryTag | Group-Object Repository -NoElement | ForEach-Object Count | Should -Be 3, 1
        Get-RegistryTag nginx | Where-Object Tag -Like '1.*' | Sort-Object Tag -Descending | Select-Object -First 1 -ExpandProperty Tag | Should -Be '1.26'
        Get-RegistryTag nginx | ConvertTo-Json | ConvertFrom-Json | ForEach-Object Tag | Should -Be '1.25', '1.26', 'latest'
    }

    It 'ends the work upstream with Select-Object -First' {
        Get-RegistryCatalog | Get-RegistryTag | Select-Object -First 2 | Should -HaveCount 2
    }

    It 'shows a table under the name of its registry' {
        Get-RegistryTag nginx | Out-String | Should -Match "(?s)Registry: $([regex]::Escape($server.Registry)).*Repository\s+Tag"
    }

    It 'works in runspaces side by side' {
        $module = (Get-Module PSRegistry).Path
        1..8 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            Get-RegistryCatalog -Registry $using:server.Registry | Get-RegistryTag
        } | Should -HaveCount 32
    }

    It 'works in a thread job' -Skip:(-not (Get-Command Start-ThreadJob -ErrorAction Ignore)) {
        $module = (Get-Module PSRegistry).Path
        Start-ThreadJob { Import-Module $using:module; Get-RegistryTag nginx -Registry ($using:server).Registry } | Receive-Job -Wait -AutoRemoveJob | Should -HaveCount 3
    }

    It 'tells what is missing and goes on' {
        $found = 'gone', 'nginx' | Get-RegistryTag -ErrorVariable missing -ErrorAction SilentlyContinue
        $found | Should -HaveCount 3
        $missing | Should -HaveCount 1
        $missing[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        $missing[0].TargetObject | Should -Be "$($server.Registry)/gone"
    }
}
