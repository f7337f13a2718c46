namespace PSRegistry.Testing;

/// <summary>Bytes that look random and are the same on every run.</summary>
public static class TestBytes
{
    /// <summary><paramref name="length"/> bytes; another <paramref name="seed"/> gives others.</summary>
    public static byte[] Make(int length, int seed = 1)
    {
        var bytes = new byte[length];
#pragma warning disable CA5394 // Reproducible on purpose.
        new Random(seed).NextBytes(bytes);
#pragma warning restore CA5394
        return bytes;
    }
}
