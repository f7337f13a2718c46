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
