using System.Buffers;
using Xunit;

namespace PSRegistry.Testing.Storage;

// Names that file systems stumble over, and paths that must never get through.
public abstract partial class StorageDriverSuite
{
    public static TheoryData<string> OddNames => new(
        "con", "aux/nul", "com1.txt", "lpt1", "v1.", "v1..", "_", "-", "a=b", "a..b", "...", "tags", "data", "link", "CON",
        new string('t', 128), new string('n', 255), string.Join('/', Enumerable.Repeat("deep", 60)));

    [Theory]
    [MemberData(nameof(OddNames))]
    public async Task An_odd_name_is_a_name(string name)
    {
        await WriteAsync($"odd/{name}/link", name);
        Assert.Equal(name, await ReadAsync($"odd/{name}/link"));
        var entry = Assert.Single(await ListAsync("odd"));
        Assert.Equal((name.Split('/')[0], true), (entry.Name, entry.IsFolder));
        Assert.True(await Driver.DeleteAsync($"odd/{name}", cancellationToken: Token));
        Assert.Null(await ReadAsync($"odd/{name}/link"));
    }

    [Fact]
    public async Task Letter_case_makes_another_name()
    {
        if (IgnoresCase)
            Assert.Skip("The file system under this driver ignores letter case.");
        await WriteAsync("tags/latest/link", "lower");
        Assert.Null(await ReadAsync("tags/Latest/link"));
        await WriteAsync("tags/Latest/link", "upper");
        Assert.Equal("lower", await ReadAsync("tags/latest/link"));
        Assert.Equal(["Latest", "latest"], (await ListAsync("tags")).Select(entry => entry.Name));
        Assert.True(await Driver.DeleteAsync("tags/latest", cancellationToken: Token));
        Assert.Equal("upper", await ReadAsync("tags/Latest/link"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/etc/passwd")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("../outside")]
    [InlineData("a/..")]
    [InlineData("a/../b")]
    [InlineData("a/../../outside")]
    [InlineData("a/./b")]
    [InlineData("a//b")]
    [InlineData("a/")]
    [InlineData("a\\b")]
    [InlineData("..\\outside")]
    public async Task A_path_that_is_not_inside_is_refused_by_every_call(string path)
    {
        await WriteAsync("a/b", "kept");
        await Refused(async () => await Driver.ReadAsync(path, 10, Token));
        await Refused(async () => await Driver.OpenAsync(path, Token));
        await Refused(async () => await Driver.GetEntryAsync(path, Token));
        await Refused(async () => await Driver.WriteAsync(path, ReadOnlyMemory<byte>.Empty, Token));
        await Refused(async () => await Driver.OpenWriterAsync(path, Token));
        await Refused(async () => await Driver.MoveAsync("a/b", path, Token));
        await Refused(async () => await Driver.MoveAsync(path, "a/c", Token));
        await Refused(async () => await Driver.DeleteAsync(path, cancellationToken: Token));
        await Refused(async () => await ListAsync(path));
        Assert.Equal("kept", await ReadAsync("a/b"));

        static Task Refused(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
    }

    /// <summary>Whether the storage takes <c>a</c> and <c>A</c> for one name.</summary>
    protected virtual bool IgnoresCase => false;

    /// <summary>The bytes as a sequence of several pieces, as a pipe hands them on.</summary>
    private static ReadOnlySequence<byte> InPieces(byte[] content)
    {
        var first = new Piece(ReadOnlyMemory<byte>.Empty, null);
        var last = first;
        foreach (var part in content.Chunk(4096))
            last = new Piece(part, last);
        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> bytes, Piece? previous)
        {
            Memory = bytes;
            if (previous is null)
                return;
            RunningIndex = previous.RunningIndex + previous.Memory.Length;
            previous.Next = this;
        }
    }
}
