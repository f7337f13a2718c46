#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests and packages PSRegistry.
.EXAMPLE
    ./build.ps1
    Builds everything; Import-Module ./PSRegistry.psd1 works right after it.
.EXAMPLE
    ./build.ps1 Test
    Runs dotnet test, then the Pester tests where Pester is installed.
.EXAMPLE
    ./build.ps1 Package -Output ./out
    Makes ./out/PSRegistry, a folder ready for a gallery.
.EXAMPLE
    ./build.ps1 Bench
    Measures psregistry beside the original registry and nginx, on Linux; the table goes to ./artifacts/bench.md.
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    # Where Package puts the module's folder, and Bench its table.
    [string] $Output = (Join-Path $PSScriptRoot 'artifacts')
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
Set-Location $PSScriptRoot

switch ($Task) {
    'Build' { dotnet build }
    'Test' {
        dotnet test
        if (-not (Get-Module -ListAvailable Pester | Where-Object Version -GE '5.5')) {
            Write-Warning 'Pester 5.5 or later is not installed: the Pester tests are skipped. Install-Module Pester brings it.'
            return
        }
        # A session of its own: an assembly once loaded cannot be built again.
        pwsh -NoProfile -Command {
            $configuration = New-PesterConfiguration
            $configuration.Run.Path = 'tests/Pester'
            $configuration.Run.Exit = $true
            $configuration.Output.Verbosity = 'Detailed'
            Invoke-Pester -Configuration $configuration
        }
    }
    'Package' {
        $folder = [IO.Path]::GetFullPath($Output, $PSScriptRoot)
        dotnet build src/PSRegistry.Module -c Release -t:Package "-p:PackageFolder=$folder"
        if (-not (Get-Command sbom-tool -ErrorAction Ignore)) {
            Write-Warning 'sbom-tool is not installed: the package has no bill of materials. dotnet tool install -g Microsoft.Sbom.DotNetTool brings it.'
            return
        }
        $version = (Import-PowerShellDataFile PSRegistry.psd1).ModuleVersion
        $before = $env:DOTNET_ROLL_FORWARD
        try {
            # The tool is made for an older .NET.
            $env:DOTNET_ROLL_FORWARD = 'Major'
            sbom-tool generate -b $folder/PSRegistry -bc artifacts/obj -pn PSRegistry -pv $version -ps 'The PSRegistry authors' -nsb https://www.powershellgallery.com/packages/PSRegistry -V Error
        }
        finally {
            $env:DOTNET_ROLL_FORWARD = $before
        }
    }
    'Bench' {
        $folder = (New-Item -ItemType Directory -Force $Output).FullName
        dotnet run -c Release --project tests/PSRegistry.Benchmarks -- compare --output (Join-Path $folder 'bench.md')
    }
    'Clean' {
        dotnet clean
        Remove-Item -Recurse -Force -ErrorAction Ignore module/bin, artifacts
    }
}
