using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Copying;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Pipeline;

namespace PSRegistry.Commands;

/// <summary>
/// Copies images from a registry, or from a data folder, to a registry, without an engine in between: all platforms, digests as they are, and only
/// what is missing there. Repository and tag may have wildcards.
/// </summary>
/// <remarks>
/// Layers go first, then manifests, and tags last, so that a copy that ends half-way names nothing that is not there, and goes on with what it has
/// when it is repeated. Between repositories of one registry nothing is sent. A tag that exists there moves. Without tag or digest it is the tag latest.
/// </remarks>
/// <example>
/// <code>Copy-RegistryImage registry.local:5000/team/app:1.0 -Destination registry.local:5000/released/app:1.0</code>
/// <para>Copies an image to another repository, with all of its platforms.</para>
/// </example>
/// <example>
/// <code>Copy-RegistryImage registry.local:5000/team/*:* -Destination registry.local:5000/mirror/ -WhatIf</code>
/// <para>Shows what a copy of all images of a team would do: the slash at the end puts mirror/ in front of their names.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -DataPath ./registry | Get-RegistryTag | Copy-RegistryImage -Destination registry.local:5000 -WithReferrers</code>
/// <para>Moves a data folder into a registry, signatures and the like included.</para>
/// </example>
[Cmdlet(VerbsCommon.Copy, "RegistryImage", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryPublishedImage))]
public sealed class CopyRegistryImageCommand : RegistryImageCommand
{
    private readonly PublishedContent _published = new();
    private readonly Dictionary<string, string> _given = new(StringComparer.Ordinal);
    private CopyDestination _destination = null!;

    /// <summary>
    /// Where to: registry[/repository[:tag]]. Without a repository the images keep their names; one that ends with a slash is put in front of them.
    /// The registry is a host, host:port or URL; http only for this machine, or where the URL says so.
    /// </summary>
    [Parameter(Position = 1, Mandatory = true)]
    [ValidateNotNullOrEmpty]
    public string Destination { get; set; } = "";

    /// <summary>
    /// The login of the destination, for this command alone; -Credential and -SkipCertificateCheck are for the source. Connect-Registry keeps a login
    /// for all, and a way to check certificates.
    /// </summary>
    [Parameter]
    [Credential]
    public PSCredential? DestinationCredential { get; set; }

    /// <summary>Only the images for these platforms, such as linux/amd64. One that remains of several is copied itself. Default: all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>Copies also what refers to the images: signatures, attestations, bills of materials.</summary>
    [Parameter]
    public SwitchParameter WithReferrers { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (CopyDestination.TryParse(Destination, out var destination, out var fault))
            _destination = destination;
        else
            ThrowTerminatingError(RegistryErrors.InvalidDestination(fault));
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        foreach (var image in ResolveImages(ImageTarget.Latest))
            Copy(image);
    }

    private void Copy(ImageTarget image)
    {
        if (!_destination.TryName(image, out var repository, out var tag))
        {
            WriteError(RegistryErrors.InvalidRepository($"{Destination}{image.Repository.Name}"));
            return;
        }
        var name = $"{_destination.Registry.Authority}/{repository}{(tag is null ? $"@{image.Digest}" : $":{tag}")}";
        if (_given.TryGetValue(name, out var other) && other != image.ToString())
        {
            WriteError(RegistryErrors.SameDestination(name, image.ToString(), other));
            return;
        }
        if (!ShouldProcess(name, $"Copy {image}"))
            return;
        var progress = new TransferProgress(this, $"Copying {image}");
        try
        {
            var copied = progress.Wait(stop => CopyAsync(image, repository, tag, progress, stop), Stop);
            _given[name] = image.ToString();
            WriteObject(new RegistryPublishedImage(_destination.Registry.Shortest(), repository.ToString(), tag?.ToString(), copied, copied.Sent));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteError(IsOfDestination(failure, image)
                ? RegistryErrors.Of(failure, name, DestinationCredential is not null)
                : RegistryErrors.OfSource(failure, image.ToString(), Credential is not null));
        }
    }

    private async Task<CopiedImage> CopyAsync(
        ImageTarget image, RepositoryName repository, Tag? tag, IProgress<CopyProgress> progress, CancellationToken cancellationToken)
    {
        var source = await image.DescribeAsync(cancellationToken);
        await PlatformChoice.CheckAsync(image, source.Digest, Platform, cancellationToken);
        var options = Throttled(new CopyOptions { Platforms = Platform, WithReferrers = WithReferrers, Published = _published, Progress = progress });
        return await new ImageCopier(options).CopyAsync(
            image.Repository, source.Digest, ClientFor(image).GetRepository(repository), tag is null ? [] : [tag], cancellationToken);
    }

    /// <summary>Whether it was the destination that refused. Within one registry both ends have one client, and the source's login counts.</summary>
    private bool IsOfDestination(Exception failure, ImageTarget image) =>
        failure is RegistryRequestException request && request.Registry == _destination.Registry.Authority && !IsWithinOne(image);

    private bool IsWithinOne(ImageTarget image) =>
        DestinationCredential is null && image.Repository is RemoteRepository { Registry: var source } && source.Address.BaseUri == _destination.Registry.BaseUri;

    /// <summary>The client of the destination. What the source was given for its login goes nowhere else; within one registry it serves both.</summary>
    private RegistryClient ClientFor(ImageTarget image) =>
        IsWithinOne(image)
            ? ((RemoteRepository)image.Repository).Registry
            : ClientOf(_destination.Registry, DestinationCredential, skipCertificateCheck: false);
}
