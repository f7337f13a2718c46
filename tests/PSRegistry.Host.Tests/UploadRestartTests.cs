using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Host.Tests;

/// <summary>An upload outlives the process that began it.</summary>
public sealed class UploadRestartTests : IAsyncDisposable
{
    private readonly TemporaryFolder _data = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync() => await _data.DisposeAsync();

    [Theory]
    [InlineData(ProgramSignal.Terminate, "a secret of the config")]
    [InlineData(ProgramSignal.Terminate, null)]
    [InlineData(ProgramSignal.Kill, "a secret of the config")]
    [InlineData(ProgramSignal.Kill, null)]
    public async Task An_upload_goes_on_after_a_restart(ProgramSignal signal, string? secret)
    {
        var settings = new RegistrySettings { DataFolder = _data.Path, Secret = secret };
        var bytes = TestBytes.Make(2 << 20);
        RegistryAnswer patched;
        await using (var first = await PSRegistryProgram.StartAsync(settings, Token))
        {
            var begun = await first.Http.BeginUploadAsync("restarted", Token);
            patched = await first.Http.PatchUploadAsync(begun.Location, bytes.AsMemory(0, 1 << 20), Token);
            patched.MustBe(HttpStatusCode.Accepted);
            await first.EndAsync(signal, Token);
        }

        await using var second = await PSRegistryProgram.StartAsync(settings, Token);
        var told = (await second.Http.GetAsync(patched.Location, Token)).MustBe(HttpStatusCode.NoContent);
        Assert.Equal(1 << 20, told.UploadedLength);
        await MustFinishAsync(second.Http, told, bytes);
    }

    [Fact]
    public async Task An_upload_cut_off_in_the_middle_of_a_chunk_goes_on_from_the_offset_that_the_status_tells()
    {
        var settings = new RegistrySettings { DataFolder = _data.Path };
        var bytes = TestBytes.Make(8 << 20);
        RegistryAnswer begun;
        await using (var first = await PSRegistryProgram.StartAsync(settings, Token))
        {
            begun = await first.Http.BeginUploadAsync("restarted", Token);
            using var content = new PausedContent(bytes, pauseAt: 6 << 20);
            var patching = first.Http.SendAsync(HttpMethod.Patch, begun.Location, content, Token);
            await content.Paused.WaitAsync(Token);
            await first.EndAsync(ProgramSignal.Kill, Token);
            content.Resume();
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => patching);
        }

        await using var second = await PSRegistryProgram.StartAsync(settings, Token);
        var told = (await second.Http.GetAsync(begun.Location, Token)).MustBe(HttpStatusCode.NoContent);
        Assert.InRange(told.UploadedLength, 0, 6 << 20);
        await MustFinishAsync(second.Http, told, bytes);
    }

    private static async Task MustFinishAsync(RegistryHttp http, RegistryAnswer told, byte[] bytes)
    {
        var rest = bytes.AsMemory((int)told.UploadedLength);
        var patched = (await http.PatchUploadAsync(told.Location, rest, Token)).MustBe(HttpStatusCode.Accepted);
        Assert.Equal(bytes.Length, patched.UploadedLength);
        var digest = ContentDescriptor.DigestOf(bytes);
        (await http.FinishUploadAsync(patched.Location, default, digest, Token)).MustBe(HttpStatusCode.Created);
        Assert.Equal(bytes, (await http.GetBlobAsync("restarted", digest, Token)).MustBe(HttpStatusCode.OK).Body);
    }
}
