using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Microsoft.Extensions.Primitives;

namespace PSRegistry.Server.Auth;

/// <summary>
/// User and password of an <c>Authorization: Basic</c> header (RFC 7617), as the UTF-8 bytes that were sent. Wiped on dispose.
/// </summary>
internal readonly struct BasicCredentials : IDisposable
{
    /// <summary>More is no login: bcrypt reads 72 bytes of a password, and names are short.</summary>
    private const int MaxEncodedLength = 4096;

    /// <summary>What such a header begins with, in whatever case.</summary>
    public const string Scheme = "Basic ";

    /// <summary>Stands where something was sent that is no text.</summary>
    private const char Replacement = (char)0xFFFD;

    private readonly byte[] _bytes;
    private readonly int _length;
    private readonly int _colon;

    private BasicCredentials(byte[] bytes, int length, int colon) => (_bytes, _length, _colon) = (bytes, length, colon);

    /// <summary>User, colon and password.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(0, _length);

    public string User => Encoding.UTF8.GetString(_bytes, 0, _colon);

    public string Password => Encoding.UTF8.GetString(_bytes, _colon + 1, _length - _colon - 1);

    /// <summary>Reads one header with one login; false for anything else.</summary>
    public static bool TryParse(StringValues header, out BasicCredentials credentials)
    {
        credentials = default;
        if (header.Count != 1 || header[0] is not { } text || !text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return false;
        var encoded = text.AsSpan(Scheme.Length).Trim(' ');
        if (encoded.Length is 0 or > MaxEncodedLength || !Base64.IsValid(encoded))
            return false;
        var bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(encoded.Length)];
        if (!Convert.TryFromBase64Chars(encoded, bytes, out var length))
            return false;
        var sent = bytes.AsSpan(0, length);
        var colon = sent.IndexOf((byte)':');

        // A byte that is not UTF-8 would become the replacement character, and then two passwords would be one. A zero byte ends
        // the password for some hashes and not for others.
        if (colon <= 0 || sent.Contains((byte)0) || !Utf8.IsValid(sent))
        {
            CryptographicOperations.ZeroMemory(bytes);
            return false;
        }
        credentials = new BasicCredentials(bytes, length, colon);
        return true;
    }

    /// <summary>The same of a user and a password that came in another way; false for what no header could hold.</summary>
    public static bool TryMake(string user, string password, out BasicCredentials credentials)
    {
        credentials = default;
        if (user.Length == 0 || user.Contains(':', StringComparison.Ordinal) || user.Length + password.Length > MaxEncodedLength / 2
            || user.Contains(Replacement, StringComparison.Ordinal) || password.Contains(Replacement, StringComparison.Ordinal))
            return false;
        var bytes = Encoding.UTF8.GetBytes($"{user}:{password}");
        if (bytes.Contains((byte)0))
        {
            CryptographicOperations.ZeroMemory(bytes);
            return false;
        }
        credentials = new BasicCredentials(bytes, bytes.Length, bytes.IndexOf((byte)':'));
        return true;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
