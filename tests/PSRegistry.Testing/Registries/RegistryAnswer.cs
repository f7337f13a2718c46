using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace PSRegistry.Testing;

/// <summary>An answer as it came: nothing followed, nothing decoded.</summary>
/// <param name="Request">Method and path, for messages.</param>
/// <param name="Status">The status.</param>
/// <param name="Headers">All headers, those of the content too; several of one name are joined by a comma.</param>
/// <param name="Body">The body.</param>
public sealed record RegistryAnswer(string Request, HttpStatusCode Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body);

    /// <summary>The body as JSON.</summary>
    public JsonNode Json => JsonNode.Parse(Body) ?? throw new InvalidOperationException($"{Request} answered null");

    /// <summary>Docker-Content-Digest.</summary>
    public string Digest => Header("Docker-Content-Digest");

    /// <summary>The path and query of Location, whether it was absolute or relative: it can be asked of another server too.</summary>
    public string Location => new Uri(new Uri("http://registry/"), Header("Location")).PathAndQuery;

    /// <summary>How many bytes of an upload the server has, from a Range of the form <c>0-99</c>.</summary>
    /// <remarks>An empty upload and one of a single byte both read <c>0-0</c>; no test of ours stops at one byte.</remarks>
    public long UploadedLength
    {
        get
        {
            var range = Header("Range");
            return range == "0-0" ? 0 : long.Parse(range["0-".Length..], CultureInfo.InvariantCulture) + 1;
        }
    }

    /// <summary>A header that must be there.</summary>
    public string Header(string name)
    {
        Assert.True(Headers.TryGetValue(name, out var value), $"{Describe()} came without {name}");
        return value;
    }

    /// <summary>This answer; fails with all of it when the status is another.</summary>
    public RegistryAnswer MustBe(HttpStatusCode status)
    {
        if (Status != status)
        {
            Assert.Fail($"expected {(int)status} but {Describe()}");
        }

        return this;
    }

    private string Describe()
    {
        var headers = string.Join('\n', Headers.Select(header => $"{header.Key}: {header.Value}"));
        return $"{Request} -> {(int)Status}\n{headers}\n\n{Text[..Math.Min(Text.Length, 2000)]}";
    }
}
