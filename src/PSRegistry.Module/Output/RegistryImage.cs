using System.Collections.Immutable;
using PSRegistry.Commands;
using PSRegistry.Oci;

namespace PSRegistry.Output;

/// <summary>An image for one platform, as its config and manifest describe it.</summary>
public sealed class RegistryImage
{
    internal RegistryImage(ImageTarget target, Digest digest, Manifest manifest, ImageConfiguration configuration)
    {
        Registry = target.Registry;
        Repository = target.Repository.Name.ToString();
        Tag = target.Tag?.ToString();
        Digest = digest.ToString();
        Platform = configuration.Platform.ToString();
        Created = configuration.Created?.LocalDateTime;
        Size = manifest.Layers.Sum(layer => layer.Size) + (manifest.Config?.Size ?? 0);
        User = configuration.User;
        WorkingDirectory = configuration.WorkingDirectory;
        Entrypoint = configuration.Entrypoint;
        Command = configuration.Command;
        Environment = configuration.Environment;
        ExposedPorts = configuration.ExposedPorts;
        Labels = configuration.Labels;
        History = configuration.History;
        var steps = configuration.History.Where(step => !step.IsEmpty).ToList();
        Layers = [.. manifest.Layers.Select((layer, number) => new RegistryLayer(layer, number < steps.Count ? steps[number].CreatedBy : null))];
    }

    /// <summary>The registry: <c>host</c>, <c>host:port</c>, or a URL where nothing shorter names it.</summary>
    public string Registry { get; }

    /// <summary>The repository.</summary>
    public string Repository { get; }

    /// <summary>The tag that it was asked by; null when it was asked by digest.</summary>
    public string? Tag { get; }

    /// <summary>The digest of the image's own manifest, also where the tag names an index.</summary>
    public string Digest { get; }

    /// <summary>What it runs on: <c>linux/amd64</c>.</summary>
    public string Platform { get; }

    /// <summary>When it was made, in local time; null where it does not say.</summary>
    public DateTime? Created { get; }

    /// <summary>Config and layers as they are sent, in bytes.</summary>
    public long Size { get; }

    /// <summary>The user that its process runs as; empty for root.</summary>
    public string User { get; }

    /// <summary>The folder that its process starts in.</summary>
    public string WorkingDirectory { get; }

    /// <summary>The program and its first arguments.</summary>
    public IReadOnlyList<string> Entrypoint { get; }

    /// <summary>The arguments that the user may replace.</summary>
    public IReadOnlyList<string> Command { get; }

    /// <summary>The variables, each as NAME=value.</summary>
    public IReadOnlyList<string> Environment { get; }

    /// <summary>The ports that it listens on, such as 80/tcp.</summary>
    public IReadOnlyList<string> ExposedPorts { get; }

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Labels { get; }

    /// <summary>The steps that made it, the first one first.</summary>
    public IReadOnlyList<ImageStep> History { get; }

    /// <summary>The layers, the lowest first, each with the command that made it.</summary>
    public IReadOnlyList<RegistryLayer> Layers { get; }

    /// <summary>The name as docker takes it, by digest.</summary>
    public override string ToString() => $"{ImageName.Authority(Registry)}/{Repository}@{Digest}";
}

/// <summary>A layer of an image.</summary>
public sealed class RegistryLayer
{
    internal RegistryLayer(Descriptor layer, string? createdBy)
    {
        MediaType = layer.MediaType;
        Digest = layer.Digest.ToString();
        Size = layer.Size;
        CreatedBy = createdBy;
    }

    /// <summary>Its address.</summary>
    public string Digest { get; }

    /// <summary>Its length as it is sent, in bytes.</summary>
    public long Size { get; }

    /// <summary>Its type.</summary>
    public string MediaType { get; }

    /// <summary>The command that made it; null where the history does not say.</summary>
    public string? CreatedBy { get; }

    /// <summary>The digest.</summary>
    public override string ToString() => Digest;
}
