BeforeAll {
    . $PSScriptRoot/Session.ps1
    $data = Join-Path $TestDrive data
    $server = Start-RegistryServer -RootDirectory $data -Port 0
    Push-EmptyImage $server.Uri nginx 1.25, 1.26
    Push-EmptyImage $server.Uri team/app v1
}
AfterAll { Get-RegistryServer | Stop-RegistryServer }

Describe 'A data folder without a server' {
    It 'is listed like its server' {
        Get-RegistryCatalog -DataPath $data | Get-RegistryTag | ForEach-Object { "$($_.Repository):$($_.Tag)" } | Should -Be 'nginx:1.25', 'nginx:1.26', 'team/app:v1'
        Get-RegistryTag nginx -Path $data | Should -HaveCount 2
    }

    It 'shows its path above the table' {
        Get-RegistryTag nginx -DataPath $data | Out-String | Should -Match "(?s)Registry: $([regex]::Escape($data)).*Repository\s+Tag"
    }

    It 'is changed beside its server' {
        Add-RegistryTag team/app:v1 old -DataPath $data | Out-Null
        Get-RegistryTag team/app -Registry $server.Registry | ForEach-Object Tag | Should -Be 'old', 'v1'
        Get-RegistryTag team/app -Tag old -DataPath $data | Remove-RegistryTag
        Get-RegistryTag team/app -Registry $server.Registry | ForEach-Object Tag | Should -Be 'v1'
    }

    It 'ends the work upstream with Select-Object -First' {
        Get-RegistryCatalog -DataPath $data | Get-RegistryTag | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'is refused where there is none' {
        { Get-RegistryCatalog -DataPath $TestDrive/none -ErrorAction Stop } | Should -Throw -ErrorId 'NoRegistryData,*'
        "$TestDrive/none" | Should -Not -Exist
    }
}

Describe 'Save-RegistryImage' {
    BeforeEach { $folder = New-Item -ItemType Directory (Join-Path $TestDrive (New-Guid)) }

    It 'writes files that go on to other cmdlets' {
        $files = Get-RegistryTag nginx -Registry $server.Registry | Save-RegistryImage -Path $folder | Get-Item
        $files | ForEach-Object Name | Should -Be 'nginx_1.25.tar', 'nginx_1.26.tar'
        $files[0] | Should -BeOfType System.IO.FileInfo
    }

    It 'ends with Select-Object -First and leaves whole files' {
        Get-RegistryCatalog -DataPath $data | Get-RegistryTag | Save-RegistryImage -Path $folder -Compress | Select-Object -First 1 | Should -HaveCount 1
        Get-ChildItem $folder | ForEach-Object Name | Should -Be 'nginx_1.25.tar.gz'
    }

    It 'shows name, format, length and images' {
        Save-RegistryImage nginx:1.25 -DataPath $data -Path $folder/x.tar | Out-String | Should -Match '(?s)Name\s+Format\s+Length\s+Images.*x\.tar\s+DockerArchive\s+\S+ KiB\s+nginx:1\.25'
    }

    It 'writes nothing with -WhatIf, and over nothing without -Force' {
        Save-RegistryImage nginx:1.25 -Registry $server.Registry -Path $folder/x.tar -WhatIf
        "$folder/x.tar" | Should -Not -Exist
        Set-Content $folder/x.tar mine
        { Save-RegistryImage nginx:1.25 -Registry $server.Registry -Path $folder/x.tar -ErrorAction Stop } | Should -Throw -ErrorId 'ArchiveExists,*'
        Get-Content $folder/x.tar | Should -Be 'mine'
    }
}

Describe 'Copy-RegistryImage' {
    BeforeAll { $other = Start-RegistryServer -InMemory -Port 0 }

    It 'copies by wildcards and keeps digests' {
        Copy-RegistryImage "$($server.Registry)/nginx:1.*" -Destination "$($other.Registry)/mirror/" | ForEach-Object { "$_" } |
            Should -Be "$($other.Registry)/mirror/nginx:1.25", "$($other.Registry)/mirror/nginx:1.26"
        (Get-RegistryManifest "$($other.Registry)/mirror/nginx:1.25").Digest | Should -Be (Get-RegistryManifest "$($server.Registry)/nginx:1.25").Digest
    }

    It 'takes a data folder, and images as a table read back' {
        Get-RegistryTag nginx -DataPath $data | ConvertTo-Csv | ConvertFrom-Csv | Copy-RegistryImage -Destination $other.Registry | Should -HaveCount 2
        Get-RegistryTag nginx -Registry $other.Registry | Should -HaveCount 2
    }
}
