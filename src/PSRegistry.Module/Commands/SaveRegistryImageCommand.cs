using System.Management.Automation;
using PSRegistry.Client;
using PSRegistry.Errors;
using PSRegistry.Output;
using PSRegistry.Pipeline;
using PSRegistry.Saving;

namespace PSRegistry.Commands;

/// <summary>
/// Saves images as files, without docker: a docker archive that docker load takes, or an OCI layout. Into a folder each image goes as a file of
/// its own; a file as -Path takes them all, each layer once. What is written is there whole, or not at all.
/// </summary>
/// <remarks>
/// Files are named as scripts around docker save name them: team/app:1.0 becomes team.app_1.0.tar. In an archive an image has the name by which
/// it was saved, with its registry; from a data folder, without one. A docker archive takes one platform, an OCI layout all of them, with the
/// digests as they are. Without tag or digest it is the tag latest.
/// </remarks>
/// <example>
/// <code>Save-RegistryImage registry.local:5000/team/app:1.0 -Compress</code>
/// <para>Saves an image as team.app_1.0.tar.gz in the current folder, for docker load.</para>
/// </example>
/// <example>
/// <code>Get-RegistryTag registry.local:5000/team/app | Save-RegistryImage -Path ./app.tar -Format OciArchive</code>
/// <para>Saves every tag of a repository, with all platforms, in one archive.</para>
/// </example>
/// <example>
/// <code>Get-RegistryCatalog -DataPath ./registry | Get-RegistryTag | Save-RegistryImage -Path ./saved/</code>
/// <para>Saves everything in a data folder, each image as a file of its own; no server need run.</para>
/// </example>
[Cmdlet(VerbsData.Save, "RegistryImage", SupportsShouldProcess = true)]
[OutputType(typeof(RegistryArchive))]
public sealed class SaveRegistryImageCommand : RegistryImageCommand
{
    private readonly List<RegistrySavedImage> _saved = [];
    // Where letter case tells no files apart, the second of two names would write over the first.
    private readonly HashSet<string> _written = new(OperatingSystem.IsLinux() ? StringComparer.Ordinal : StringComparer.OrdinalIgnoreCase);
    private SaveDestination _destination = null!;
    private ArchiveBeingSaved? _archive;
    private bool _isGivenUp;
    private int _records;

    /// <summary>
    /// Where to: a folder that exists or ends with a slash gets a file for each image; else it is the file that all images go into, or the folder
    /// of the layout. Folders that are missing are made. Default: the current folder.
    /// </summary>
    [Parameter(Position = 1)]
    [ValidateNotNullOrEmpty]
    public string Path { get; set; } = "./";

    /// <summary>
    /// What to write: DockerArchive, a tar that docker load takes; OciArchive, a tar of an OCI layout; OciLayout, a folder. Default: DockerArchive.
    /// </summary>
    [Parameter]
    public SaveFormat Format { get; set; }

    /// <summary>Compresses the archive with gzip, as a name that ends in .gz or .tgz does, too.</summary>
    [Parameter]
    public SwitchParameter Compress { get; set; }

    /// <summary>
    /// Which images of an index: linux/arm64. A docker archive takes one, by default the one for this machine; OCI layouts take all by default, and
    /// of several that are chosen a new index is made.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string[] Platform { get; set; } = [];

    /// <summary>Saves also what refers to the images: signatures, attestations, bills of materials. OCI layouts alone can hold that.</summary>
    [Parameter]
    public SwitchParameter WithReferrers { get; set; }

    /// <summary>Writes over what is there.</summary>
    [Parameter]
    public SwitchParameter Force { get; set; }

    /// <summary>
    /// A data folder to save from in place of a registry, without a server: the folder that holds docker/registry/v2. -Path, which says the same
    /// elsewhere, is the destination here.
    /// </summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public override string? DataPath { get; set; }

    /// <inheritdoc/>
    protected override void Begin()
    {
        if (Format == SaveFormat.OciLayout && Compress)
            ThrowTerminatingError(SaveErrors.Contradiction("The folder of an OCI layout is not compressed: -Compress goes with -Format DockerArchive or OciArchive."));
        if (Format == SaveFormat.DockerArchive && WithReferrers)
            ThrowTerminatingError(SaveErrors.Contradiction("A docker archive holds no referrers: -WithReferrers goes with -Format OciArchive or OciLayout."));
        if (Format == SaveFormat.DockerArchive && Platform.Length > 1)
            ThrowTerminatingError(SaveErrors.Contradiction("A docker archive holds one platform of an image: name one, or take -Format OciArchive."));
        var isFolder = Path.EndsWith('/') || Path.EndsWith(System.IO.Path.DirectorySeparatorChar);
        _destination = new SaveDestination(GetUnresolvedProviderPathFromPSPath(Path), isFolder, Format, Compress);
    }

    /// <inheritdoc/>
    protected override void Process()
    {
        _records++;
        if (_isGivenUp)
            return;
        if (ResolveImage(ImageTarget.Latest) is not { } target)
        {
            GiveUp();
            return;
        }
        var path = _destination.PathOf(target);
        if (_archive is null && !IsFree(path, target))
        {
            GiveUp();
            return;
        }
        if (!ShouldProcess(path, $"Save {target}"))
            return;
        if (!Try(target, path, () => Save(target, path)))
            GiveUp();
    }

    /// <inheritdoc/>
    protected override void Finish()
    {
        if (_archive is { } archive)
            Try(archive.Path, archive.Path, Complete);
        if (_isGivenUp && _records > 1)
            WriteWarning($"None of the {_records} images is saved: they were to go into one archive, which would not be whole.");
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        base.Dispose(disposing);
        Discard();
    }

    private void Save(ImageTarget target, string path)
    {
        var progress = new TransferProgress(this, $"Saving {target}");
        _saved.Add(progress.Wait(stop => SaveAsync(target, path, progress, stop), Stop));
        if (!_destination.IsOneArchive)
            Complete();
    }

    private async Task<RegistrySavedImage> SaveAsync(ImageTarget target, string path, IProgress<CopyProgress> progress, CancellationToken cancellationToken)
    {
        var digest = Format == SaveFormat.DockerArchive
            ? await PlatformChoice.FindOneAsync(target, Platform.FirstOrDefault(), cancellationToken)
            : (await target.DescribeAsync(cancellationToken)).Digest;
        if (Format != SaveFormat.DockerArchive)
            await PlatformChoice.CheckAsync(target, digest, Platform, cancellationToken);
        _archive ??= await ArchiveBeingSaved.OpenAsync(path, Format, _destination.IsCompressed, cancellationToken);
        var options = Throttled(new CopyOptions { Platforms = Platform, WithReferrers = WithReferrers, Progress = progress });
        var name = target.NameInArchive;
        return new RegistrySavedImage(target, await _archive.AddAsync(target.Repository, digest, name, options, cancellationToken), name);
    }

    private void Complete()
    {
        var file = PipelineThread.Wait(() => _archive!.FinishAsync(Force, Stop));
        _written.Add(_archive!.Path);
        var archive = new RegistryArchive(file, Format, [.. _saved]);
        Discard();
        WriteObject(archive);
    }

    private bool IsFree(string path, ImageTarget target)
    {
        var isSaved = _written.Contains(path);
        var isFree = !isSaved && (Force || !(File.Exists(path) || Directory.Exists(path)));
        if (!isFree)
            WriteError(isSaved ? SaveErrors.SameName(path, target.ToString()) : SaveErrors.Exists(path));
        return isFree;
    }

    private bool Try(object target, string path, Action work)
    {
        try
        {
            work();
            return true;
        }
        // Where the folder of a layout is full, the copy says so in its own words.
        catch (Exception fault) when (fault is ArchiveException { InnerException: IOException or UnauthorizedAccessException })
        {
            WriteError(SaveErrors.Unwritable(fault.InnerException!, path));
        }
        catch (Exception failure) when (RegistryErrors.IsExpected(failure))
        {
            WriteError(RegistryErrors.OfSource(failure, target.ToString()!, Credential is not null));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            WriteError(SaveErrors.Unwritable(fault, path));
        }
        Discard();
        return false;
    }

    /// <summary>Without one of its images an archive of several is not what was asked for.</summary>
    private void GiveUp()
    {
        _isGivenUp = _destination.IsOneArchive;
        Discard();
    }

    private void Discard()
    {
        if (_archive is { } archive)
            PipelineThread.Wait(() => archive.DisposeAsync().AsTask());
        _archive = null;
        _saved.Clear();
    }
}
