using System.Buffers;
using System.IO.Pipelines;
using PSRegistry.Oci;
using PSRegistry.Storage.Drivers;
using PSRegistry.Testing;

namespace PSRegistry.Storage.Tests;

/// <summary>A file system of two megabytes, which only root can mount.</summary>
public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_is_told_as_such_and_the_upload_goes_on_when_there_is_room()
    {
        var token = TestContext.Current.CancellationToken;
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "only root can mount a small file system");
        await using var folder = new TemporaryFolder();
        var mount = new ProgramCommand("mount", ["-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.Path]);
        Assert.SkipUnless((await ProgramRun.OfAsync(mount, token)).ExitCode == 0, "this machine lets nobody mount a tmpfs");
        try
        {
            var filler = folder["filler"];
            await File.WriteAllBytesAsync(filler, new byte[1_500_000], token);
            var repository = new StorageRegistry(new FileSystemDriver(folder.Path)).GetRepository(RepositoryName.Parse("full/app"));
            var content = TestBytes.Make(1_000_000);
            UploadId id;
            await using (var session = await repository.Uploads.StartAsync(DigestAlgorithm.Sha256, token))
            {
                id = session.Id;
                var fault = await Assert.ThrowsAsync<StorageException>(async () => await session.AppendAsync(Pipe(content), token));
                Assert.Equal(StorageFault.Full, fault.Fault);
            }

            File.Delete(filler);
            await using var resumed = await repository.Uploads.ResumeAsync(id, token);
            Assert.NotNull(resumed);
            await resumed.AppendAsync(Pipe(content[(int)resumed.Size..]), token);
            Assert.Null(await resumed.CommitAsync(Digest.OfContent(content), token));
            Assert.Equal(content.Length, await repository.Blobs.GetSizeAsync(Digest.OfContent(content), token));
        }
        finally
        {
            (await ProgramRun.OfAsync(new ProgramCommand("umount", ["-l", folder.Path]), CancellationToken.None)).MustExitWith(0);
        }
    }

    private static PipeReader Pipe(byte[] content) => PipeReader.Create(new ReadOnlySequence<byte>(content));
}
