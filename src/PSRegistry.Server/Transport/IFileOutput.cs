using System.IO.Pipelines;
using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Server.Transport;

/// <summary>A connection that can send a part of a file without reading it.</summary>
internal interface IFileOutput
{
    /// <summary>
    /// Sends a part of a file as the next bytes of a body; false when what is written to <paramref name="body"/> does not go
    /// to the client as it is (TLS, HTTP/2), and nothing was sent.
    /// </summary>
    /// <param name="body">The body, of a response that has started.</param>
    /// <param name="file">The file.</param>
    /// <param name="offset">Its first byte to send.</param>
    /// <param name="length">How many bytes to send.</param>
    /// <param name="cancellationToken">Gives up; the connection is of no more use then.</param>
    ValueTask<bool> TrySendAsync(PipeWriter body, SafeFileHandle file, long offset, long length, CancellationToken cancellationToken);
}
