BeforeAll {
    . $PSScriptRoot/Session.ps1
    function New-Login([string] $User) { [pscredential]::new($User, (ConvertTo-SecureString 'wolf-in-sheep' -AsPlainText -Force)) }
}

Describe 'Set-, Get- and Remove-RegistryUser' {
    BeforeEach { $file = Join-Path $TestDrive "users-$(New-Guid)" }

    It 'keeps the users of a file without Apache' {
        'ann', 'bob', 'build' | ForEach-Object { New-Login $_ } | Set-RegistryUser $file -Cost 4
        Get-RegistryUser $file | ForEach-Object User | Should -Be 'ann', 'bob', 'build'
        Get-RegistryUser $file | Where-Object User -Like 'b*' | Remove-RegistryUser
        Get-RegistryUser $file | Should -HaveCount 1
        Get-RegistryUser $file | Out-String | Should -Match 'User\s+Hash\s+Cost\s+CanLogIn\s+-+.*\s+ann\s+bcrypt\s+4\s+True'
    }

    It 'takes a file from Get-Item' {
        Set-RegistryUser $file (New-Login ann) -Cost 4
        Get-Item $file | Get-RegistryUser | Should -HaveCount 1
    }

    It 'lets a user into a running server and out again' {
        Set-RegistryUser $file (New-Login ann) -Cost 4
        Set-Content "$TestDrive/config.yml" "version: 0.1`nstorage: {inmemory: {}}`nhttp: {addr: '127.0.0.1:0'}`nauth: {htpasswd: {realm: here, path: '$file'}}"
        $server = Start-RegistryServer "$TestDrive/config.yml"
        try {
            { Get-RegistryCatalog -Credential (New-Login ann) -ErrorAction Stop } | Should -Not -Throw
            Remove-RegistryUser $file ann
            Start-Sleep -Seconds 1
            { Get-RegistryCatalog -Registry $server.Registry -Credential (New-Login ann) -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryUnauthorized,*'
        }
        finally { $server | Stop-RegistryServer }
    }
}
