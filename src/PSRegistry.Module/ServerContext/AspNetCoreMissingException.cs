namespace PSRegistry.ServerContext;

/// <summary>There is no ASP.NET Core for the running .NET, and without it no server.</summary>
public sealed class AspNetCoreMissingException : Exception
{
    internal AspNetCoreMissingException(string version)
        : base($"ASP.NET Core {version} is neither installed nor shipped with this copy of the module, and the server needs it. Install the ASP.NET Core "
            + $"Runtime {version} (package aspnetcore-runtime-{version}, or the .NET SDK), or set DOTNET_ROOT to where it is; the packaged module brings it along.")
    {
    }
}
