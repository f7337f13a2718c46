namespace PSRegistry.Client;

/// <summary>Where an upload goes on, as each answer of the registry names it anew.</summary>
internal static class UploadLocation
{
    public static Uri Resolve(RegistryTransport transport, Answer answer, string location) =>
        transport.Locations.Resolve(answer.Uri, location, "names a place for an upload");

    /// <summary>The place named in <paramref name="answer"/>; where it names none, the one it was sent to.</summary>
    public static Uri Next(RegistryTransport transport, Answer answer, Uri current) =>
        answer.Header("Location") is { Length: > 0 } location ? Resolve(transport, answer, location) : current;

    /// <summary>How many bytes have arrived: <c>Range: 0-9</c> tells of ten, <c>0-0</c> of none or one; null when it is not told.</summary>
    public static long? Received(Answer answer)
    {
        var range = answer.Header("Range");
        if (range is null)
            return null;
        range = range.StartsWith("bytes=", StringComparison.Ordinal) ? range["bytes=".Length..] : range;
        var dash = range.IndexOf('-', StringComparison.Ordinal);
        return dash > 0 && long.TryParse(range.AsSpan(dash + 1), System.Globalization.NumberStyles.None, null, out var last) ? last + 1 : null;
    }

    /// <summary>The URL at which an upload is finished.</summary>
    public static Uri WithDigest(Uri location, Oci.Digest digest) =>
        new($"{location.AbsoluteUri}{(location.Query.Length == 0 ? "?" : "&")}digest={Uri.EscapeDataString(digest.ToString())}");
}
