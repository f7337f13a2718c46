using System.Management.Automation;
using PSRegistry.Client;

namespace PSRegistry.Errors;

/// <summary>The errors of image archives and of the local engine.</summary>
internal static class ArchiveErrors
{
    /// <summary>The error of an archive, or of the engine that gives it; its message names the archive and the entry.</summary>
    public static ErrorRecord Of(ArchiveException fault) => fault.Failure switch
    {
        ArchiveFailure.Engine => RegistryErrors.Record(
            fault, "LocalEngineUnavailable", ErrorCategory.ResourceUnavailable, fault.Archive,
            "Start docker or podman (podman system service), or name the socket in DOCKER_HOST. Publish-RegistryImage takes also what docker save and podman save write."),
        ArchiveFailure.NoSuchPlatform => RegistryErrors.Record(
            fault, "ImagePlatformNotFound", ErrorCategory.ObjectNotFound, fault.Archive, "Without -Platform all of its images go."),
        _ => RegistryErrors.Record(
            fault, "ImageArchiveUnusable", ErrorCategory.InvalidData, fault.Archive,
            "An archive is what docker save, podman save or skopeo writes (.tar, .tar.gz, .tar.zst), or an OCI layout, a folder or a tar of one. Write it anew where it is damaged."),
    };

    /// <summary>There is no such file or folder.</summary>
    public static ErrorRecord NotFound(string path, string reason) => RegistryErrors.Record(
        new ItemNotFoundException(reason), "ImageArchiveNotFound", ErrorCategory.ObjectNotFound, path, "Get-ChildItem lists what is there; -LiteralPath takes [ and ] as they are.");

    /// <summary>An image goes by no name, and none was given.</summary>
    public static ErrorRecord NoName(string image, string source) =>
        WithoutName($"The image {image} in '{source}' has no name of its own, and none is guessed: say -Repository and -Tag.", source);

    /// <summary>An image goes by a tag alone.</summary>
    public static ErrorRecord NoRepository(string tag, string source) =>
        WithoutName($"'{source}' names its image by the tag '{tag}' alone: say its repository with -Repository.", source);

    /// <summary>The repository is known, the tag is not.</summary>
    public static ErrorRecord NoTag(string repository, string source) =>
        WithoutName($"The image in '{source}' has no tag of its own, and none is guessed for {repository}: say -Tag.", source);

    /// <summary>A name in the archive is none.</summary>
    public static ErrorRecord InvalidName(string name, string source) =>
        WithoutName($"'{source}' names its image '{name}', which no registry takes: say -Repository and -Tag.", source);

    /// <summary>Two different images would get one name.</summary>
    public static ErrorRecord SameName(string name, string source, string other) => RegistryErrors.Record(
        new ArgumentException(source == other
            ? $"'{source}' has several images that would all become {name}. None of them is published."
            : $"'{source}' would take the name {name} away from the image of '{other}', which has just been published. It is left out."),
        "SameImageName", ErrorCategory.InvalidArgument, source, "Without -Repository and -Tag each keeps its own name; a command of its own gives one image a new one.");

    /// <summary>The engine has no such image.</summary>
    public static ErrorRecord NotInEngine(string name, string engine) => RegistryErrors.Record(
        new ItemNotFoundException($"The engine at {engine} has no image '{name}'."), "LocalImageNotFound", ErrorCategory.ObjectNotFound, name,
        "Get-RegistryLocalImage lists what it has. Letter case counts.");

    private static ErrorRecord WithoutName(string message, string source) => RegistryErrors.Record(
        new ArgumentException(message), "ImageWithoutName", ErrorCategory.InvalidArgument, source,
        "-Repository and -Tag give it a name; docker save, podman save and skopeo keep the name that they were asked for.");
}
