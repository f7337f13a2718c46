using System.Net;
using System.Security.Cryptography;
using PSRegistry.Server.Configuration;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Transport;

/// <summary>256 MiB in and out on every way that bytes can take.</summary>
public sealed class LargeBlobTests : IDisposable
{
    private const long Size = 256 << 20;

    private readonly TlsFolder _files = new();
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _files.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false, "1.1")]
    [InlineData(true, "1.1")]
    [InlineData(true, "2.0")]
    [InlineData(false, "2.0")]
    public async Task Every_byte_arrives(bool tls, string version)
    {
        await using var registry = await TestRegistry.StartAsync(configuration => configuration with
        {
            Storage = configuration.Storage with { Driver = StorageDriverKind.FileSystem, RootDirectory = _folder.Path },
            Http = configuration.Http with
            {
                H2cEnabled = !tls,
                Tls = tls ? new TlsConfiguration { Certificate = _files.Certificate, Key = _files.Key } : null,
            },
        });
        using var handler = new SocketsHttpHandler { UseProxy = false };
        if (tls)
            handler.SslOptions = TlsTrust.In(_files.Authority);
        using var client = new HttpClient(handler)
        {
            BaseAddress = registry.Http.Address,
            DefaultRequestVersion = new Version(version),
            DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        await using var source = new Numbers();
        var digest = $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(source, Token))}";
        using var begun = await client.PostAsync(new Uri("/v2/a/blobs/uploads/", UriKind.Relative), null, Token);
        await using var again = new Numbers();
        using var content = new StreamContent(again);
        using var done = await client.PutAsync(new Uri($"{begun.Headers.Location}&digest={digest}", UriKind.Relative), content, Token);
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
        using var answer = await client.GetAsync(new Uri($"/v2/a/blobs/{digest}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, Token);
        Assert.Equal((Size, new Version(version)), (answer.Content.Headers.ContentLength, answer.Version));
        Assert.Equal(digest, $"sha256:{Convert.ToHexStringLower(await SHA256.HashDataAsync(await answer.Content.ReadAsStreamAsync(Token), Token))}");
    }

    /// <summary>Every eight bytes differ from all others, so that none can stand in for another.</summary>
    private sealed class Numbers : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(Span<byte> buffer)
        {
            var count = (int)Math.Min(buffer.Length & ~7, Size - Position);
            for (var i = 0; i < count; i += 8)
                BitConverter.TryWriteBytes(buffer[i..], Position + i);
            Position += count;
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
