BeforeAll {
    . $PSScriptRoot/Session.ps1
    $server = Start-RegistryServer -InMemory
    Push-Location $TestDrive
    New-ImageArchive ./app.tar registry.example/team/app:1.0
    New-ImageArchive ./nginx[1].tar nginx:1.25 'another layer'
    New-ImageArchive ./nameless.tar
    Set-Content text.tar 'no archive'
}
AfterAll {
    Pop-Location
    Stop-RegistryServer
}

Describe 'Publish-RegistryImage' {
    It 'takes files from Get-ChildItem, also those with brackets, and goes on past what is no image' {
        $published = Get-ChildItem *.tar | Publish-RegistryImage -ErrorVariable refused -ErrorAction SilentlyContinue
        $published | ForEach-Object { "$_" } | Sort-Object | Should -Be "$($server.Registry)/nginx:1.25", "$($server.Registry)/team/app:1.0"
        $refused.FullyQualifiedErrorId | Sort-Object | Should -Be @(
            'ImageArchiveUnusable,PSRegistry.Commands.PublishRegistryImageCommand', 'ImageWithoutName,PSRegistry.Commands.PublishRegistryImageCommand')
        $refused.TargetObject | Split-Path -Leaf | Sort-Object | Should -Be 'nameless.tar', 'text.tar'
    }

    It 'sends nothing the second time' {
        $null = Publish-RegistryImage app.tar
        (Publish-RegistryImage app.tar).Sent | Should -Be 0
    }

    It 'shows a table under the name of the registry' {
        Publish-RegistryImage app.tar | Out-String | Should -Match "(?s)Registry: $([regex]::Escape($server.Registry)).*Repository\s+Tag\s+Digest\s+Platforms\s+Size\s+Sent.*team/app\s+1.0\s+[0-9a-f]{12}\s+linux/amd64"
    }

    It 'takes names from a table' {
        'Path,Repository,Tag', 'app.tar,one,1', 'app.tar,two,2' | ConvertFrom-Csv | Publish-RegistryImage | ForEach-Object { "$_" } |
            Should -Be "$($server.Registry)/one:1", "$($server.Registry)/two:2"
    }

    It 'ends with Select-Object -First' {
        New-ImageArchive ./first-a.tar first/a:1 a
        New-ImageArchive ./first-b.tar first/b:1 b
        Get-ChildItem first-*.tar | Publish-RegistryImage | Select-Object -First 1 | ForEach-Object Repository | Should -Be 'first/a'
        (Get-RegistryCatalog).Repository | Should -Not -Contain 'first/b'
    }

    It 'shows with -WhatIf and pushes nothing' {
        Publish-RegistryImage app.tar -Repository whatif -WhatIf | Should -BeNullOrEmpty
        (Get-RegistryCatalog).Repository | Should -Not -Contain 'whatif'
    }

    It 'gives a zstd layer for those who want one' {
        $published = Publish-RegistryImage app.tar -Repository zstd -Compression Zstd
        ($published | Get-RegistryManifest).Layers[0].MediaType | Should -Match 'zstd$'
    }

    It 'works in runspaces side by side' {
        $module = (Get-Module PSRegistry).Path
        $app = (Resolve-Path app.tar).ProviderPath
        1..4 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:module
            Publish-RegistryImage $using:app -Registry ($using:server).Registry -Repository "parallel/$_"
        } | Should -HaveCount 4
    }
}

Describe 'Get-RegistryLocalImage' {
    It 'tells how to reach an engine where there is none' {
        $before = $env:DOCKER_HOST
        try {
            $env:DOCKER_HOST = 'unix:///nowhere/docker.sock'
            Get-RegistryLocalImage -ErrorVariable missing -ErrorAction SilentlyContinue
            $missing.FullyQualifiedErrorId | Should -Be 'LocalEngineUnavailable,PSRegistry.Commands.GetRegistryLocalImageCommand'
            $missing.ErrorDetails.RecommendedAction | Should -Match 'DOCKER_HOST'
        }
        finally {
            $env:DOCKER_HOST = $before
        }
    }
}
