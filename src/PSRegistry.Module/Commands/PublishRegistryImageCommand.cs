using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Completion;
using PSRegistry.Errors;
using PSRegistry.Oci;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.ServerContext;

namespace PSRegistry.Commands;

/// <summary>
/// Pushes images to a registry: from docker archives (.tar, .tar.gz, .tar.zst) and OCI layouts, a folder or a tar, or from the docker or
/// podman engine on this machine. Images keep their names, with this registry in the place of the one they came from. What the registry has
/// already is not sent again, and an upload that breaks goes on where it was.
/// </summary>
/// <remarks>
/// Nothing is unpacked and nothing copied to the disk: the layers of a docker archive are compressed on their way, those of an OCI layout go as
/// they are, so that its digests stay. Every byte is checked against its digest before the image gets its name.
/// </remarks>
/// <example>
/// <code>Get-ChildItem ./images/*.tar | Publish-RegistryImage -Registry registry.local:5000</code>
/// <para>Pushes every image of a folder of archives, under its own name.</para>
/// </example>
/// <example>
/// <code>Publish-RegistryImage ./images/app.tar -Repository team/app -Tag '2.0', latest -Registry registry.local:5000</code>
/// <para>Pushes the image of an archive under a name of your choice, with two tags.</para>
/// </example>
/// <example>
/// <code>Get-RegistryLocalImage | Publish-RegistryImage -Registry registry.local:5000 | Select-Object Repository, Tag, Digest</code>
/// <para>Pushes all images of the local engine.</para>
/// </example>
/// <example>
/// <code>Publish-RegistryImage ./images/app.tar -Registry registry.local:5000 -Compression zstd -WhatIf</code>
/// <para>Shows what would be pushed, and where to.</para>
/// </example>
[Cmdlet(VerbsData.Publish, "RegistryImage", DefaultParameterSetName = ByPath, SupportsShouldProcess = true)]
[OutputType(typeof(RegistryPublishedImage))]
public sealed class PublishRegistryImageCommand : RegistryClientCommand
{
    private const string ByPath = "Path", ByLiteralPath = "LiteralPath", ByLocalImage = "LocalImage", ByInputObject = "InputObject";

    private readonly Dictionary<Uri, PublishedContent> _published = [];
    private readonly Dictionary<string, DockerEngine> _engines = [];
    private readonly GivenNames _given = new();

    /// <summary>Archives and layouts, files or folders; with wildcards.</summary>
    [Parameter(ParameterSetName = ByPath, Position = 0, Mandatory = true, ValueFromPipeline = true, ValueFromPipelineByPropertyName = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] Path { get; set; } = [];

    /// <summary>Archives and layouts, files or folders, whose names are taken as they are. Get-ChildItem's objects bind here.</summary>
    [Parameter(ParameterSetName = ByLiteralPath, Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [Alias("PSPath")]
    [ValidateNotNullOrEmpty]
    public string[] LiteralPath { get; set; } = [];

    /// <summary>Images of the docker or podman engine on this machine, by name: nginx:1.25, team/*. A name without a tag means all of its tags.</summary>
    [Parameter(ParameterSetName = ByLocalImage, Mandatory = true)]
    [SupportsWildcards]
    [ValidateNotNullOrEmpty]
    public string[] LocalImage { get; set; } = [];

    /// <summary>An image that Get-RegistryLocalImage wrote.</summary>
    [Parameter(ParameterSetName = ByInputObject, Mandatory = true, ValueFromPipeline = true)]
    [ValidateNotNull]
    public RegistryLocalImage? InputObject { get; set; }

    /// <summary>
    /// The registry: host, host:port or URL. http only for this machine, or where the URL says so. Default: the one that Connect-Registry
    /// named, else the server of this session, else localhost:5000.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RegistryCompleter))]
    public string? Registry { get; set; }

    /// <summary>The repository, in the place of the image's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? Repository { get; set; }

    /// <summary>The tags, in the place of the image's own.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(TagCompleter))]
    public string[]? Tag { get; set; }

    /// <summary>Only the images for these platforms, such as linux/amd64. One that remains of several is pushed itself. Default: all.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>How the layers of docker archives and of the engine are compressed: Gzip, Zstd (smaller, for clients of recent years) or None. Default: Gzip.</summary>
    [Parameter]
    public LayerCompression Compression { get; set; }

    /// <summary>A repository of the registry that may have the layers already, to take them over from. Repositories of this command go without saying.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(RepositoryCompleter))]
    public string? MountFrom { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (MountFrom is not null && !RepositoryName.TryParse(MountFrom, out _))
            ThrowTerminatingError(RegistryErrors.InvalidRepository(MountFrom));
        if (Compression == LayerCompression.Zstd)
            OpenServer();
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        if (ResolveRegistry(Registry) is not { } address || !TryReadName(out var repository, out var tags))
            return;
        switch (ParameterSetName)
        {
            case ByLocalImage:
                foreach (var image in LocalImages.Find(LocalImage, all: false, WriteError, Stop))
                    Publish(address, image, repository, tags);
                break;
            case ByInputObject:
                Publish(address, InputObject!, repository, tags);
                break;
            default:
                var isLiteral = ParameterSetName == ByLiteralPath;
                foreach (var path in ImageFiles.Resolve(SessionState.Path, isLiteral ? LiteralPath : Path, isLiteral, WriteError))
                    Publish(address, path, token => ImageArchive.OpenAsync(path, Reading, token), repository, tags);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        foreach (var engine in _engines.Values)
            engine.Dispose();
        _engines.Clear();
    }

    private static ArchiveOptions Reading { get; } = new() { OpenZstd = compressed => ServerDoor.Open().OpenDecompressor(compressed) };

    private bool TryReadName(out RepositoryName? repository, out List<Tag> tags)
    {
        repository = null;
        tags = [];
        if (!string.IsNullOrEmpty(Repository) && !RepositoryName.TryParse(Repository, out repository))
        {
            WriteError(RegistryErrors.InvalidRepository(Repository));
            return false;
        }
        foreach (var text in Tag ?? [])
        {
            if (!Oci.Tag.TryParse(text, out var tag))
            {
                WriteError(RegistryErrors.InvalidTag(text));
                return false;
            }
            tags.Add(tag);
        }
        return true;
    }

    private void Publish(RegistryAddress address, RegistryLocalImage image, RepositoryName? repository, List<Tag> tags)
    {
        if (!_engines.TryGetValue(image.Engine, out var engine))
            _engines[image.Engine] = engine = DockerEngine.Open(image.Engine);
        var name = image.Name ?? image.Id;
        Publish(address, name, token => engine.ExportAsync(name, Reading, token), repository, tags);
    }

    private void Publish(
        RegistryAddress address, string source, Func<CancellationToken, ValueTask<ImageArchive>> open, RepositoryName? repository, List<Tag> tags)
    {
        ImageArchive? archive = null;
        try
        {
            archive = new TransferProgress(this, $"Reading {source}").Wait(token => open(token).AsTask(), Stop);
            foreach (var (image, name) in Plan(address, archive, source, repository, tags))
                Publish(address, archive, image, name, source);
        }
        catch (AspNetCoreMissingException fault)
        {
            WriteError(RegistryErrors.NoAspNetCore(fault));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, source);
        }
        finally
        {
            if (archive is not null)
                PipelineThread.Wait(() => archive.DisposeAsync().AsTask());
        }
    }

    /// <summary>What goes where; what cannot go is told.</summary>
    private List<(ArchivedImage Image, PublishedName Name)> Plan(
        RegistryAddress address, ImageArchive archive, string source, RepositoryName? repository, List<Tag> tags)
    {
        var plan = new List<(ArchivedImage Image, PublishedName Name)>();
        foreach (var image in archive.Images)
        {
            plan.AddRange(PublishedName.Of(image, source, repository, tags, out var fault).Select(name => (image, name)));
            if (fault is not null)
                WriteError(fault);
        }
        if (_given.Conflict(address, source, plan) is not { } conflict)
            return plan;
        WriteError(conflict);
        return [];
    }

    private void Publish(RegistryAddress address, ImageArchive archive, ArchivedImage image, PublishedName name, string source)
    {
        var target = $"{address.Authority}/{name.Repository}:{string.Join(", ", name.Tags)}";
        if (!ShouldProcess(target, $"Publish image {image.Id.Hex[..12]} of {source}"))
            return;
        var progress = new TransferProgress(this, $"Publishing {name.Repository}:{name.Tags[0]}");
        try
        {
            var copier = new ImageCopier(Options(address, progress));
            var repository = ClientOf(address).GetRepository(name.Repository);
            var copied = progress.Wait(token => copier.PublishAsync(archive, image, repository, name.Tags, token).AsTask(), Stop);
            _given.Add(address, source, image, name);
            foreach (var tag in name.Tags)
            {
                var sent = tag == name.Tags[0] ? copied.Sent : 0;
                WriteObject(new RegistryPublishedImage(address.Shortest(), name.Repository.ToString(), tag.ToString(), copied, sent));
            }
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteFailure(failure, target);
        }
    }

    private CopyOptions Options(RegistryAddress address, TransferProgress progress)
    {
        if (!_published.TryGetValue(address.BaseUri, out var published))
            _published[address.BaseUri] = published = new PublishedContent();
        return Throttled(new CopyOptions
        {
            Platforms = Platform,
            Compression = Compression,
            CompressZstd = static into => ServerDoor.Open().OpenCompressor(into),
            MountFrom = MountFrom is null ? null : RepositoryName.Parse(MountFrom),
            Published = published,
            Progress = progress,
        });
    }
}
