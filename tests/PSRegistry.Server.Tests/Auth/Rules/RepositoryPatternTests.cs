using PSRegistry.Server.Auth;

namespace PSRegistry.Server.Tests.Auth.Rules;

public sealed class RepositoryPatternTests
{
    [Theory]
    [InlineData("**", "a", true)]
    [InlineData("**", "a/b/c", true)]
    [InlineData("*", "a", true)]
    [InlineData("*", "a/b", false)]
    [InlineData("team/*", "team/a", true)]
    [InlineData("team/*", "team/a/b", false)]
    [InlineData("team/*", "team", false)]
    [InlineData("team/*", "teams/a", false)]
    [InlineData("team/**", "team/a", true)]
    [InlineData("team/**", "team/a/b/c", true)]
    [InlineData("team/**", "team", false)]
    [InlineData("team/**", "other/team/a", false)]
    [InlineData("team", "team", true)]
    [InlineData("team", "team/a", false)]
    [InlineData("team-*/app", "team-1/app", true)]
    [InlineData("team-*/app", "team-/app", true)]
    [InlineData("team-*/app", "team/app", false)]
    [InlineData("*-cache", "a-b-cache", true)]
    [InlineData("a*b*c", "axxbcx", false)]
    [InlineData("a*b*c", "axxbybc", true)]
    [InlineData("**/base", "a/b/base", true)]
    [InlineData("**/base", "base", false)]
    [InlineData("**/base/**", "a/base/b/base/c", true)]
    [InlineData("a/**/b/**/c", "a/x/b/y/b/z/c", true)]
    [InlineData("a/**/b/**/c", "a/b/c", false)]
    [InlineData("home/${user}", "home/ann", true)]
    [InlineData("home/${user}", "home/bob", false)]
    [InlineData("${user}/**", "ann/a/b", true)]
    [InlineData("${user}/**", "ann", false)]
    public void It_matches_or_not(string pattern, string repository, bool isMatch) =>
        Assert.Equal(isMatch, RepositoryPattern.TryParse(pattern)!.Matches(repository, "ann"));

    [Theory]
    [InlineData("")]
    [InlineData("*")]
    [InlineData("**")]
    [InlineData("a/b")]
    [InlineData("../x")]
    public void A_users_name_is_one_component_and_never_a_pattern(string user)
    {
        var pattern = RepositoryPattern.TryParse("${user}/**")!;
        foreach (var repository in new[] { "a/b", "a/b/c", "x/y", "ann/x" })
            Assert.False(pattern.Matches(repository, user));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/a")]
    [InlineData("a/")]
    [InlineData("a//b")]
    [InlineData("Team/a")]
    [InlineData("a b")]
    [InlineData("a/***")]
    [InlineData("a**/b")]
    [InlineData("x-${user}")]
    [InlineData("a:b")]
    [InlineData("[a]")]
    public void What_no_repository_can_match_is_no_pattern(string text) => Assert.Null(RepositoryPattern.TryParse(text));
}
