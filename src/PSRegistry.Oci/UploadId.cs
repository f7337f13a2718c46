using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Oci;

/// <summary>
/// The name of an upload session. Ours are random UUIDs, because the original purges no others; those of other servers that
/// share the data folder are letters, digits, <c>-</c>, <c>_</c>, <c>.</c> and <c>=</c>, and never start with a dot.
/// </summary>
public sealed class UploadId : IEquatable<UploadId>
{
    private const int MaxLength = 128;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=");

    private readonly string _text;

    private UploadId(string text) => _text = text;

    /// <summary>A new random id that nobody can guess.</summary>
    public static UploadId Create() => new(Guid.NewGuid().ToString("D"));

    /// <summary>Parses the id of an existing session; false when it cannot be one.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out UploadId? id)
    {
        var valid = text.Length is > 0 and <= MaxLength && text[0] != '.' && !text.ContainsAnyExcept(Allowed);
        id = valid ? new UploadId(text.ToString()) : null;
        return valid;
    }

    /// <inheritdoc/>
    public bool Equals(UploadId? other) => other is not null && _text == other._text;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as UploadId);

    /// <inheritdoc/>
    public override int GetHashCode() => _text.GetHashCode(StringComparison.Ordinal);

    /// <summary>The id as written.</summary>
    public override string ToString() => _text;
}
