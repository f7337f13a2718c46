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
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Test', 'Package', 'Clean')]
    [string] $Task = 'Build',

    # Where Package puts the module's folder.
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
    'Package' { dotnet build src/PSRegistry.Module -c Release -t:Package "-p:PackageFolder=$([IO.Path]::GetFullPath($Output, $PSScriptRoot))" }
    'Clean' {
        dotnet clean
        Remove-Item -Recurse -Force -ErrorAction Ignore module/bin, artifacts
    }
}
