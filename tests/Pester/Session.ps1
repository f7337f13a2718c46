# What every file of Pester tests begins with: the module of this checkout, and images to list.
Import-Module (Join-Path $PSScriptRoot '../../PSRegistry.psd1') -Force

# Pushes an image of no layers by the protocol alone.
function Push-EmptyImage {
    param([uri] $Server, [string] $Repository, [string[]] $Tag)

    $config = [Text.Encoding]::UTF8.GetBytes('{"architecture":"amd64","os":"linux"}')
    $digest = 'sha256:' + [Convert]::ToHexStringLower([Security.Cryptography.SHA256]::HashData($config))
    $manifest = @{
        schemaVersion = 2
        mediaType     = 'application/vnd.oci.image.manifest.v1+json'
        config        = @{ mediaType = 'application/vnd.oci.image.config.v1+json'; digest = $digest; size = $config.Length }
        layers        = @()
    } | ConvertTo-Json
    $null = Invoke-WebRequest "$($Server)v2/$Repository/blobs/uploads/?digest=$digest" -Method Post -Body $config -ContentType application/octet-stream
    foreach ($name in $Tag) {
        $null = Invoke-WebRequest "$($Server)v2/$Repository/manifests/$name" -Method Put -Body $manifest -ContentType 'application/vnd.oci.image.manifest.v1+json'
    }
}

# Writes a docker archive of an image with one layer, whose content is the text.
function New-ImageArchive {
    param([string] $Path, [string[]] $Name, [string] $Content = 'layer')

    $folder = New-Item (Join-Path ([IO.Path]::GetTempPath()) "image-$([guid]::NewGuid())") -ItemType Directory
    $layer = [Text.Encoding]::UTF8.GetBytes($Content)
    $diffId = 'sha256:' + [Convert]::ToHexStringLower([Security.Cryptography.SHA256]::HashData($layer))
    [IO.File]::WriteAllBytes("$folder/layer.tar", $layer)
    [IO.File]::WriteAllText("$folder/config.json", "{`"architecture`":`"amd64`",`"os`":`"linux`",`"rootfs`":{`"type`":`"layers`",`"diff_ids`":[`"$diffId`"]}}")
    $manifest = @{ Config = 'config.json'; RepoTags = $Name; Layers = @('layer.tar') }
    [IO.File]::WriteAllText("$folder/manifest.json", (ConvertTo-Json @($manifest)))
    [System.Formats.Tar.TarFile]::CreateFromDirectory($folder, $ExecutionContext.SessionState.Path.GetUnresolvedProviderPathFromPSPath($Path), $false)
    Remove-Item $folder -Recurse
}

# A systemctl that only notes what it is asked, in bin/log, and a folder of units of its own: the services of this machine are none of a test's.
# Returns what Exit-FakeSystemd puts back.
function Enter-FakeSystemd($folder) {
    $before = @{ PATH = $env:PATH; SYSTEMD_UNIT_PATH = $env:SYSTEMD_UNIT_PATH }
    $bin = (New-Item -ItemType Directory "$folder/bin").FullName
    $env:SYSTEMD_UNIT_PATH = (New-Item -ItemType Directory "$folder/units").FullName
    Set-Content "$bin/systemctl" "#!/bin/sh`necho `"`$*`" >>'$bin/log'`ncase `"`$*`" in *is-system-running*) echo running ;; *show*) echo ActiveState=active ;; *is-enabled*) echo enabled ;; esac"
    Set-Content "$bin/psregistry" "#!/bin/sh"
    chmod +x "$bin/systemctl" "$bin/psregistry"
    $env:PATH = "$bin$([IO.Path]::PathSeparator)$env:PATH"
    $before
}

function Exit-FakeSystemd($before) {
    $env:PATH = $before.PATH
    $env:SYSTEMD_UNIT_PATH = $before.SYSTEMD_UNIT_PATH
}
