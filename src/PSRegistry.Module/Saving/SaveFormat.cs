namespace PSRegistry.Saving;

/// <summary>What images are saved as.</summary>
public enum SaveFormat
{
    /// <summary>A tar that docker load takes.</summary>
    DockerArchive,

    /// <summary>A tar of an OCI layout: every platform, and digests as they are.</summary>
    OciArchive,

    /// <summary>A folder in the OCI layout.</summary>
    OciLayout,
}
