using System.Net;
using PSRegistry.Testing;

namespace PSRegistry.Server.Tests.Auth.Tokens;

/// <summary>Keys change while the registry runs.</summary>
public sealed class KeyChangeTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_key_comes_in_and_an_old_one_goes_out_while_others_pull()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        var (staying, going, coming) = (TokenRegistry.Sign(tokens.Rsa, TokenRegistry.Claims()), tokens.Good(), TokenRegistry.Sign(tokens.Stranger, TokenRegistry.Claims()));
        (await tokens.GetAsync("/v2/", going)).MustBe(HttpStatusCode.OK);
        (await tokens.GetAsync("/v2/", coming)).MustBe(HttpStatusCode.Unauthorized);

        using var over = new CancellationTokenSource();
        var pulls = Enumerable.Range(0, 4).Select(async _ =>
        {
            var count = 0;
            for (; !over.IsCancellationRequested; count++)
                (await tokens.GetAsync("/v2/", staying)).MustBe(HttpStatusCode.OK);
            return count;
        }).ToList();
        for (var round = 0; round < 3; round++)
        {
            await File.WriteAllTextAsync(tokens.KeySetFile, TokenSigner.KeySet((tokens.Rsa, "rsa-1"), (tokens.Stranger, "new")), Token);
            await UntilAsync(tokens, coming, HttpStatusCode.OK);
            // Though it was remembered.
            (await tokens.GetAsync("/v2/", going)).MustBe(HttpStatusCode.Unauthorized);
            await File.WriteAllTextAsync(tokens.KeySetFile, TokenSigner.KeySet((tokens.Ec, null), (tokens.Rsa, "rsa-1")), Token);
            await UntilAsync(tokens, going, HttpStatusCode.OK);
            (await tokens.GetAsync("/v2/", coming)).MustBe(HttpStatusCode.Unauthorized);
        }
        await over.CancelAsync();
        Assert.All(await Task.WhenAll(pulls), count => Assert.True(count > 0));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{\"keys\":5}")]
    [InlineData(null)]
    public async Task A_bad_file_leaves_the_keys_as_they_were_and_the_log_says_so(string? text)
    {
        await using var tokens = await TokenRegistry.StartAsync();
        if (text is null)
            File.Delete(tokens.KeySetFile);
        else
            await File.WriteAllTextAsync(tokens.KeySetFile, text, Token);
        for (var i = 0; i < 250 && !Said(tokens, "those that were read before go on counting"); i++)
        {
            (await tokens.GetAsync("/v2/", tokens.Good())).MustBe(HttpStatusCode.OK);
            await Task.Delay(20, Token);
        }
        Assert.Single(tokens.Registry.LogLines, line => line.Contains(tokens.KeySetFile, StringComparison.Ordinal) && line.Contains("go on counting", StringComparison.Ordinal));
        (await tokens.GetAsync("/v2/", tokens.Good())).MustBe(HttpStatusCode.OK);

        await File.WriteAllTextAsync(tokens.KeySetFile, TokenSigner.KeySet((tokens.Stranger, null)), Token);
        await UntilAsync(tokens, tokens.Good(), HttpStatusCode.Unauthorized);
        (await tokens.GetAsync("/v2/", TokenRegistry.Sign(tokens.Stranger, TokenRegistry.Claims()))).MustBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_empty_set_withdraws_all_keys()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        (await tokens.GetAsync("/v2/", tokens.Good())).MustBe(HttpStatusCode.OK);
        await File.WriteAllTextAsync(tokens.KeySetFile, "{\"keys\":[]}", Token);
        await UntilAsync(tokens, tokens.Good(), HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task The_certificates_are_read_again_too()
    {
        await using var tokens = await TokenRegistry.StartAsync();
        using var authority = TestAuthority.Make("Next CA");
        using var signer = TokenSigner.Make();
        var token = signer.Sign(TokenRegistry.Claims(), new System.Text.Json.Nodes.JsonObject { ["x5c"] = TokenSigner.Chain(authority.ForTokens(signer.Key).Pem) });
        (await tokens.GetAsync("/v2/", token)).MustBe(HttpStatusCode.Unauthorized);
        await File.WriteAllTextAsync(tokens.BundleFile, tokens.Authority.Pem + authority.Pem, Token);
        await UntilAsync(tokens, token, HttpStatusCode.OK);
    }

    private static bool Said(TokenRegistry tokens, string text) => tokens.Registry.LogLines.Any(line => line.Contains(text, StringComparison.Ordinal));

    private static async Task UntilAsync(TokenRegistry tokens, string token, HttpStatusCode status)
    {
        for (var i = 0; i < 250 && (await tokens.GetAsync("/v2/", token)).Status != status; i++)
            await Task.Delay(20, Token);
        (await tokens.GetAsync("/v2/", token)).MustBe(status);
    }
}
