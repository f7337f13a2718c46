BeforeAll {
    . $PSScriptRoot/Session.ps1
    $server = Start-RegistryServer -InMemory
    Push-EmptyImage $server.Uri nginx 1.25, 1.26, latest
    Push-EmptyImage $server.Uri team/app v1
}
AfterAll { Stop-RegistryServer }

Describe 'Test-Registry' {
    It 'is a condition' {
        Test-Registry $server.Registry | Should -BeTrue
        Test-Registry 127.0.0.1:1 | Should -BeFalse
    }

    It 'waits in a loop without errors' {
        $errors = 0
        foreach ($try in 1..2) { $null = Test-Registry 127.0.0.1:1 -ErrorVariable failed; $errors += $failed.Count }
        $errors | Should -Be 0
    }
}

Describe 'Get-RegistryStatus' {
    It 'tells what is unknown apart from what is not there' {
        $status = Get-RegistryStatus
        $status.Catalog | Should -BeTrue
        $status.TagPaging | Should -BeTrue
        $status.Delete | Should -BeNullOrEmpty
        $status | Out-String | Should -Match '(?s)Authentication\s*: None.*TagPaging\s*: True.*Delete\s*: \(unknown\)'
    }

    It 'finds out about deletion when that is wanted' {
        (Get-RegistryStatus -ProbeDelete).Delete | Should -BeTrue
    }

    It 'becomes JSON' {
        Get-RegistryStatus | ConvertTo-Json | ConvertFrom-Json | ForEach-Object Registry | Should -Be $server.Registry
    }
}

Describe '-Detailed' {
    It 'shows tags with what they name' {
        Get-RegistryTag nginx -Detailed | Out-String | Should -Match '(?s)Repository\s+Tag\s+Digest\s+Platforms\s+Size\s+Created.*nginx\s+1\.25\s+[0-9a-f]{12}\s+linux/amd64\s+37 B'
    }

    It 'composes with the cmdlets of PowerShell' {
        Get-RegistryCatalog | Get-RegistryTag -Detailed | Group-Object Digest | Should -HaveCount 1
        Get-RegistryCatalog -Detailed | Sort-Object TagCount | ForEach-Object TagCount | Should -Be 1, 3
        Get-RegistryTag nginx -Detailed | Select-Object -First 1 | Get-RegistryManifest | ForEach-Object Repository | Should -Be nginx
    }
}

Describe 'Completion' {
    It 'proposes <expected> for <text>' -ForEach @(
        @{ text = 'Get-RegistryTag team/'; expected = 'team/app' }
        @{ text = 'Get-RegistryImage nginx:1'; expected = 'nginx:1.25', 'nginx:1.26' }
        @{ text = 'Get-RegistryTag nginx -Tag l'; expected = 'latest' }
    ) {
        (TabExpansion2 $text $text.Length).CompletionMatches.CompletionText | Should -Be $expected
    }
}
