using PSRegistry.Storage.Drivers;

namespace PSRegistry.Certificates;

/// <summary>Files that everybody may read: certificates.</summary>
internal static class PublicFile
{
    /// <summary>Makes the file, on disk when this returns, in the place of one that is there.</summary>
    public static void Replace(string file, string text)
    {
        var aside = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
                stream.Flush(flushToDisk: true);
            }
            DurableFile.Replace(aside, file);
            DurableFile.FlushFolder(Path.GetDirectoryName(file)!);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
