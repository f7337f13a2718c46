BeforeAll {
    . $PSScriptRoot/Session.ps1
    function New-Login([string] $User) { [pscredential]::new($User, (ConvertTo-SecureString 'wolf-in-sheep' -AsPlainText -Force)) }
}

Describe 'Test-RegistryAccess' {
    BeforeAll {
        $file = Join-Path $TestDrive 'users'
        $config = Join-Path $TestDrive 'config.yml'
        'ann', 'bob' | ForEach-Object { New-Login $_ } | Set-RegistryUser $file -Cost 4
        Set-Content $config @"
version: 0.1
storage: {inmemory: {}}
http: {addr: '127.0.0.1:0'}
auth: {htpasswd: {realm: here, path: '$file', issuer: {}}}
access:
  rules:
  - {anonymous: true, repositories: [public/**], actions: [pull]}
  - {users: [ann], actions: ['*']}
"@
    }

    It 'tells the answer with the rule and its line' {
        $access = Test-RegistryAccess ann team/app -Action Push -ConfigPath $config
        $access.IsAllowed | Should -BeTrue
        $access.Origin | Should -Be "${config}:8"
        $access.Rule | Should -Match 'users: \[ann\]'
        Test-RegistryAccess bob team/app -ConfigPath $config | ForEach-Object IsAllowed | Should -BeFalse
        Test-RegistryAccess -Anonymous -Repository team/app -ConfigPath $config | Out-String | Should -Match '\(anonymous\)\s+team/app\s+Pull\s+False'
    }

    It 'is what a server of the session does' {
        $server = Start-RegistryServer $config
        try {
            Get-RegistryUser $file | Test-RegistryAccess -Action Catalog | ForEach-Object IsAllowed | Should -Be $true, $false
            { Get-RegistryCatalog -Credential (New-Login ann) -ErrorAction Stop } | Should -Not -Throw
            { Get-RegistryCatalog -Credential (New-Login bob) -ErrorAction Stop } | Should -Throw
        }
        finally { $server | Stop-RegistryServer }
    }
}
