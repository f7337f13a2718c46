using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace PSRegistry.Oci;

/// <summary>What an image says of itself (OCI image spec, "Image configuration"; docker's own form has the same names).</summary>
public sealed record ImageConfiguration
{
    /// <summary>The largest configuration that is read, 8 MiB.</summary>
    public const int MaxSize = 8 * 1024 * 1024;

    /// <summary>What it runs on.</summary>
    public required Platform Platform { get; init; }

    /// <summary>When it was made; null where it does not say.</summary>
    public DateTimeOffset? Created { get; init; }

    /// <summary>The user that its process runs as; empty for root.</summary>
    public string User { get; init; } = "";

    /// <summary>The folder that its process starts in; empty for the root.</summary>
    public string WorkingDirectory { get; init; } = "";

    /// <summary>The program and its first arguments.</summary>
    public ImmutableArray<string> Entrypoint { get; init; } = [];

    /// <summary>The arguments that the user may replace.</summary>
    public ImmutableArray<string> Command { get; init; } = [];

    /// <summary>The variables, each as <c>NAME=value</c>.</summary>
    public ImmutableArray<string> Environment { get; init; } = [];

    /// <summary>The ports that it listens on, such as <c>80/tcp</c>.</summary>
    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    /// <summary>Free key-value pairs.</summary>
    public ImmutableDictionary<string, string> Labels { get; init; } = Descriptor.NoAnnotations;

    /// <summary>The steps that made it, the first one first.</summary>
    public ImmutableArray<ImageStep> History { get; init; } = [];

    /// <summary>Reads a configuration; what is missing or of another shape is left out, since much of it is free text of builders.</summary>
    public static bool TryParse(ReadOnlyMemory<byte> content, [NotNullWhen(true)] out ImageConfiguration? configuration)
    {
        configuration = null;
        try
        {
            using var json = JsonDocument.Parse(content);
            if (json.RootElement.ValueKind == JsonValueKind.Object)
                configuration = Read(json.RootElement);
        }
        catch (Exception unusable) when (unusable is JsonException or InvalidOperationException)
        {
            configuration = null;
        }
        return configuration is not null;
    }

    private static ImageConfiguration Read(JsonElement root)
    {
        var config = Member(root, "config", JsonValueKind.Object) ?? default;
        return new ImageConfiguration
        {
            Platform = new Platform(Text(root, "os") ?? "", Text(root, "architecture") ?? "", Text(root, "variant"), Text(root, "os.version")),
            Created = Member(root, "created", JsonValueKind.String) is { } created && created.TryGetDateTimeOffset(out var time) ? time : null,
            User = Text(config, "User") ?? "",
            WorkingDirectory = Text(config, "WorkingDir") ?? "",
            Entrypoint = Texts(config, "Entrypoint"),
            Command = Texts(config, "Cmd"),
            Environment = Texts(config, "Env"),
            ExposedPorts = Member(config, "ExposedPorts", JsonValueKind.Object) is { } ports ? [.. ports.EnumerateObject().Select(port => port.Name)] : [],
            Labels = Member(config, "Labels", JsonValueKind.Object) is { } labels
                ? labels.EnumerateObject().Where(label => label.Value.ValueKind == JsonValueKind.String)
                    .Aggregate(Descriptor.NoAnnotations, (all, label) => all.SetItem(label.Name, label.Value.GetString()!))
                : Descriptor.NoAnnotations,
            History = Member(root, "history", JsonValueKind.Array) is { } history ? [.. history.EnumerateArray().Select(Step)] : [],
        };
    }

    private static ImageStep Step(JsonElement step) => new(
        Text(step, "created_by") ?? Text(step, "comment") ?? "",
        Member(step, "empty_layer", JsonValueKind.True) is not null);

    private static string? Text(JsonElement parent, string name) => Member(parent, name, JsonValueKind.String)?.GetString();

    private static ImmutableArray<string> Texts(JsonElement parent, string name) => Member(parent, name, JsonValueKind.Array) is { } list
        ? [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
        : [];

    private static JsonElement? Member(JsonElement parent, string name, JsonValueKind kind) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == kind ? member : null;
}

/// <summary>A step in the making of an image.</summary>
/// <param name="CreatedBy">The command.</param>
/// <param name="IsEmpty">Whether it made no layer.</param>
public sealed record ImageStep(string CreatedBy, bool IsEmpty);
