using Microsoft.Win32.SafeHandles;

namespace PSRegistry.Oci;

/// <summary>A blob that is a file of this machine, for those who can send a file without reading it.</summary>
public interface IFileBlob : IBlob
{
    /// <summary>The open file; it is closed with the blob.</summary>
    SafeFileHandle File { get; }
}
