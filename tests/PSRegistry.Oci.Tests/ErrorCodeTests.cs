using System.Reflection;

namespace PSRegistry.Oci.Tests;

public sealed class ErrorCodeTests
{
    [Theory]
    [InlineData("UNKNOWN", 500)]
    [InlineData("UNSUPPORTED", 405)]
    [InlineData("UNSUPPORTED", 404)]
    [InlineData("UNAUTHORIZED", 401)]
    [InlineData("DENIED", 403)]
    [InlineData("UNAVAILABLE", 503)]
    [InlineData("TOOMANYREQUESTS", 429)]
    [InlineData("DIGEST_INVALID", 400)]
    [InlineData("SIZE_INVALID", 400)]
    [InlineData("RANGE_INVALID", 416)]
    [InlineData("NAME_INVALID", 400)]
    [InlineData("TAG_INVALID", 400)]
    [InlineData("NAME_UNKNOWN", 404)]
    [InlineData("MANIFEST_UNKNOWN", 404)]
    [InlineData("MANIFEST_INVALID", 400)]
    [InlineData("MANIFEST_INVALID", 413)]
    [InlineData("MANIFEST_BLOB_UNKNOWN", 400)]
    [InlineData("BLOB_UNKNOWN", 404)]
    [InlineData("BLOB_UPLOAD_UNKNOWN", 404)]
    [InlineData("BLOB_UPLOAD_INVALID", 404)]
    [InlineData("PAGINATION_NUMBER_INVALID", 400)]
    public void Every_error_has_the_status_of_the_original(string name, int status) =>
        Assert.Single(All(), code => code.Name == name && code.Status == status);

    [Fact]
    public void Every_error_is_declared_once_and_has_a_message()
    {
        Assert.Equal(All().Count, All().Select(code => (code.Name, code.Status)).Distinct().Count());
        Assert.All(All(), code => Assert.NotEmpty(code.Message));
        Assert.All(All(), code => Assert.Equal(code.Name, code.ToString()));
    }

    [Fact]
    public void An_error_tells_the_standard_message_then_the_reason_and_what_it_is_about()
    {
        var error = ErrorCode.NameUnknown.With("there is no a/b.", ("name", "a/b"));
        Assert.Same(ErrorCode.NameUnknown, error.Code);
        Assert.Equal("repository name not known to registry: there is no a/b.", error.Message);
        Assert.Equal(("name", "a/b"), Assert.Single(error.Detail));
        Assert.Equal("NAME_UNKNOWN: repository name not known to registry: there is no a/b.", error.ToString());
    }

    [Fact]
    public void A_received_code_is_the_declared_one_or_keeps_its_name()
    {
        Assert.All(All(), code => Assert.Same(code, ErrorCode.Received(code.Name, code.Status)));
        Assert.Same(ErrorCode.Denied, ErrorCode.Received("DENIED", 401));
        var strange = ErrorCode.Received("TEAPOT", 418);
        Assert.Equal(("TEAPOT", 418, ""), (strange.Name, strange.Status, strange.Message));
    }

    private static List<ErrorCode> All() =>
    [
        .. typeof(ErrorCode).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(ErrorCode))
            .Select(property => (ErrorCode)property.GetValue(null)!),
    ];
}
