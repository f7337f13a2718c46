using System.Text;
using PSRegistry.Storage.Drivers;

namespace PSRegistry.Certificates;

/// <summary>Files that everybody may read: certificates.</summary>
internal static class PublicFile
{
    /// <summary>Makes the file, on disk when this returns, in the place of one that is there.</summary>
    public static void Replace(string file, string text) => DurableFile.PutInPlace(DurableFile.WriteAside(file, Encoding.UTF8.GetBytes(text)), file);
}
