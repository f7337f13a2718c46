using PSRegistry.Server.Configuration;

namespace PSRegistry.Server.Tests.Configuration;

public sealed class ValidationKeyTests
{
    [Theory]
    [InlineData(@"^https?://([^/]+\.)*example\.com/", "https://a.example.com/x", true)]
    [InlineData(@"^https?://([^/]+\.)*example\.com/", "https://example.org/", false)]
    [InlineData("example", "https://example.com/", true)]
    [InlineData("[[:alpha:]]+://[[:digit:][:upper:]]", "https://9", true)]
    [InlineData("^[[:alpha:]]$", ":", false)]
    [InlineData("^a$", "a\n", false)]
    [InlineData("(?m)^a$", "b\na\nb", true)]
    [InlineData(@"^\d+$", "٣", false)]
    [InlineData(@"^[\w.]+$", "a_1.b", true)]
    [InlineData(@"^\W$", "é", true)]
    [InlineData("^[]a]$", "]", true)]
    [InlineData("^[^]a]$", "]", false)]
    [InlineData("^[a[b]$", "[", true)]
    [InlineData("^[a-z-[aeiou]]$", "b]", true)]
    [InlineData(@"^\Qa.b\E$", "a.b", true)]
    [InlineData(@"^\Qa.b\E$", "axb", false)]
    [InlineData(@"^\Qa.b", "a.bc", true)]
    [InlineData(@"(?P<host>a)\.b", "a.b", true)]
    [InlineData(@"^\pL$", "ä", true)]
    [InlineData("(?i)EXAMPLE", "example", true)]
    [InlineData(@"^\$$", "$", true)]
    public void A_pattern_means_what_it_means_in_go(string pattern, string url, bool matches)
    {
        Assert.True(GoPattern.TryCompile(pattern, out var regex, out var reason), reason);
        Assert.Equal(matches, regex.IsMatch(url));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("a**")]
    [InlineData("(?=a)")]
    [InlineData("(?<!a)b")]
    [InlineData(@"(a)\1")]
    [InlineData("[[:vowel:]]")]
    [InlineData("[[:^alpha:]]")]
    [InlineData(@"[^\W]")]
    [InlineData("a\\")]
    [InlineData("[a")]
    public void A_pattern_that_go_refuses_or_that_cannot_be_kept_is_refused(string pattern)
    {
        Assert.False(GoPattern.TryCompile(pattern, out _, out var reason));
        Assert.NotEmpty(reason);
    }

    [Fact]
    public void A_pattern_that_would_explode_elsewhere_matches_in_linear_time()
    {
        Assert.True(GoPattern.TryCompile("^(a+)+$", out var regex, out _));
        Assert.DoesNotMatch(regex, new string('a', 5000) + "!");
    }

    [Fact]
    public void What_is_switched_off_is_not_looked_at() =>
        Assert.True(Given.File(Given.Minimum + "validation: {disabled: true, manifests: {urls: {allow: ['(']}}}\n").Clean().Validation.Disabled);

    [Fact]
    public void The_old_switch_wins_over_the_new_one()
    {
        var result = Given.File(Given.Minimum + "validation: {disabled: true, enabled: true}\n");
        Assert.Equal("validation.enabled", result.OnlyWarning().KeyPath);
        Assert.False(result.Configuration!.Validation.Disabled);
    }

    [Fact]
    public void A_bad_pattern_is_an_error_with_its_line()
    {
        var fault = Given.File(Given.Minimum + "validation:\n  manifests:\n    urls:\n      deny:\n        - ^a\n        - (\n").OnlyError();
        Assert.Equal(("validation.manifests.urls.deny", "config.yml:8"), (fault.KeyPath, fault.Origin));
    }
}
