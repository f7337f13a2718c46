namespace PSRegistry.Testing;

/// <summary>A new empty folder that deletes itself with all that is in it.</summary>
public sealed class TemporaryFolder : IAsyncDisposable, IDisposable
{
    /// <summary>The absolute path.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("psregistry-test-").FullName;

    /// <summary>The path of something inside.</summary>
    public string this[params string[] parts] => System.IO.Path.Combine([Path, .. parts]);

    /// <inheritdoc/>
    public override string ToString() => Path;

    /// <inheritdoc/>
    public void Dispose()
    {
        // A server killed a moment ago may still be creating entries: then the first attempt finds the folder not empty.
        for (var attempt = 1; Directory.Exists(Path); attempt++)
        {
            try
            {
                Directory.Delete(Path, recursive: true);
            }
            catch (IOException) when (attempt < 5)
            {
                Thread.Sleep(50);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.Run(Dispose);
}
