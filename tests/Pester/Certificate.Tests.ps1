BeforeAll { . $PSScriptRoot/Session.ps1 }

Describe 'New-RegistryCertificate' {
    It 'makes what a server needs in one line' {
        $made = New-RegistryCertificate registry.local -Path "$TestDrive/certs"
        $made.CertificatePath, $made.KeyPath, $made.AuthorityPath | Should -Exist
        Set-Content "$TestDrive/config.yml" ("version: 0.1`nstorage: {inmemory: {}}`n" + $made.Configuration)
        $server = Start-RegistryServer "$TestDrive/config.yml" -Address 127.0.0.1 -Port 0
        try {
            $server.Uri.Scheme | Should -Be 'https'
            (Invoke-WebRequest "$($server.Uri)v2/" -SkipCertificateCheck).StatusCode | Should -Be 200
            { Get-RegistryCatalog -ErrorAction Stop } | Should -Throw -ErrorId 'RegistryCertificateUntrusted,*'
        }
        finally { $server | Stop-RegistryServer }
    }

    It 'tells on the screen what comes next' {
        New-RegistryCertificate other.local:5001 -Path "$TestDrive/certs" | Out-String -Width 200 | Should -Match '(?s)Names.*other\.local.*certs\.d/other\.local:5001/'
    }
}
