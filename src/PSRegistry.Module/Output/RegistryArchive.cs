using PSRegistry.Commands;
using PSRegistry.Oci;
using PSRegistry.Saving;

namespace PSRegistry.Output;

/// <summary>A file or folder that images were saved to. It goes on to whatever takes files: its text and its FullName are the path.</summary>
public sealed class RegistryArchive
{
    internal RegistryArchive(FileSystemInfo file, SaveFormat format, IReadOnlyList<RegistrySavedImage> images)
    {
        File = file;
        Format = format;
        Images = images;
        Length = file is FileInfo archive ? archive.Length : ((DirectoryInfo)file).EnumerateFiles("*", SearchOption.AllDirectories).Sum(part => part.Length);
    }

    /// <summary>The file, or the folder of an OCI layout.</summary>
    public FileSystemInfo File { get; }

    /// <summary>Its full path.</summary>
    public string FullName => File.FullName;

    /// <summary>Its name without the path.</summary>
    public string Name => File.Name;

    /// <summary>Its length in bytes; that of all files in a folder.</summary>
    public long Length { get; }

    /// <summary>What it is.</summary>
    public SaveFormat Format { get; }

    /// <summary>The images in it.</summary>
    public IReadOnlyList<RegistrySavedImage> Images { get; }

    /// <summary>Its full path.</summary>
    public override string ToString() => FullName;
}

/// <summary>An image in an archive.</summary>
public sealed class RegistrySavedImage
{
    internal RegistrySavedImage(ImageTarget target, Digest digest, string? name)
    {
        Registry = target.Registry;
        Repository = target.Repository.Name.ToString();
        Tag = target.Tag?.ToString();
        Digest = digest.ToString();
        Name = name;
    }

    /// <summary>The registry that it was saved from, or the path of a data folder.</summary>
    public string Registry { get; }

    /// <summary>Its repository there.</summary>
    public string Repository { get; }

    /// <summary>Its tag there; null when it was named by digest.</summary>
    public string? Tag { get; }

    /// <summary>The digest of the manifest that was saved.</summary>
    public string Digest { get; }

    /// <summary>Its name in the archive; null for none.</summary>
    public string? Name { get; }

    /// <summary>The name, else the digest.</summary>
    public override string ToString() => Name ?? Digest;
}
