namespace PSRegistry.Server.Tests.Configuration;

/// <summary>Whoever uses podman may have a variable set that looks like a key of ours.</summary>
public sealed class PodmanTests
{
    [Fact]
    public void The_variable_of_its_login_file_is_no_key_of_a_registry() =>
        Assert.Null(Given.Strict(Given.Minimum, ("REGISTRY_AUTH_FILE", "/run/user/1000/containers/auth.json")).Clean().Auth.Htpasswd);

    [Fact]
    public void A_login_file_for_the_registry_is_a_key_as_before() =>
        Assert.Equal("REGISTRY_AUTH_FILES", Given.File(Given.Minimum, ("REGISTRY_AUTH_FILES", "/users")).OnlyError().Origin);
}
