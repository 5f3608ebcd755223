using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AspireGateway.Portal.Security.Oidc;
using Microsoft.AspNetCore.WebUtilities;

namespace AspireGateway.Portal.Tests.Security.Oidc;

/// <summary>Which ID tokens belong to a sign-in, and what a person is made of.</summary>
public sealed class IdTokenTests
{
    private static readonly DateTimeOffset s_now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);

    [Theory]
    [InlineData("{}", true)]
    [InlineData("""{"aud":["portal"]}""", true)]
    [InlineData("""{"aud":["portal","other"],"azp":"portal"}""", true)]
    [InlineData("""{"aud":["portal","other"]}""", false)]
    [InlineData("""{"aud":["portal","other"],"azp":"other"}""", false)]
    [InlineData("""{"azp":"other"}""", false)]
    [InlineData("""{"aud":"other"}""", false)]
    [InlineData("""{"aud":"portal2"}""", false)]
    [InlineData("""{"aud":null}""", false)]
    [InlineData("""{"aud":[7]}""", false)]
    [InlineData("""{"iss":"https://evil.example"}""", false)]
    [InlineData("""{"iss":"https://id.example/"}""", false)]
    [InlineData("""{"iss":["https://id.example"]}""", false)]
    [InlineData("""{"exp":1799999881}""", true)]
    [InlineData("""{"exp":1799999880}""", false)]
    [InlineData("""{"exp":"1900000000"}""", false)]
    [InlineData("""{"exp":null}""", false)]
    [InlineData("""{"exp":1e300}""", false)]
    [InlineData("""{"iat":1800000120}""", true)]
    [InlineData("""{"iat":1800000121}""", false)]
    [InlineData("""{"nbf":1800000121}""", false)]
    [InlineData("""{"nonce":"another"}""", false)]
    [InlineData("""{"nonce":null}""", false)]
    [InlineData("""{"nonce":["n-1"]}""", false)]
    [InlineData("""{"sub":""}""", false)]
    [InlineData("""{"sub":null}""", false)]
    public void Token_WithTheseClaims_IsTakenOrRefused(string changes, bool taken) => Assert.Equal(taken, Takes(Token(changes)));

    [Theory]
    [InlineData("""{"alg":"none"}""", "x")]
    [InlineData("""{"typ":"JWT"}""", "x")]
    [InlineData("""{"alg":"RS256"}""", "")]
    [InlineData("[]", "x")]
    public void Token_ThatNobodySigned_IsRefused(string header, string signature)
    {
        var parts = Token("{}").Split('.');
        Assert.False(Takes($"{Encode(header)}.{parts[1]}.{signature}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("a.b.c.d.e")]
    [InlineData("%.%.%")]
    [InlineData("e30.e30.x")]
    public void Token_ThatIsNone_IsRefused(string token) => Assert.False(Takes(token));

    [Fact]
    public void Token_WithoutANonceOfOurs_IsRefused() => Assert.Throws<OidcFault>(() => IdToken.Read(Token("""{"nonce":""}"""), "https://id.example", "portal", "", s_now));

    [Fact]
    public void Fault_OfAToken_QuotesNothingOfIt()
    {
        var fault = Assert.Throws<OidcFault>(() => IdToken.Read(Token("""{"iss":"https://canary.example"}"""), "https://id.example", "portal", "n-1", s_now));
        Assert.DoesNotContain("canary", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"groups":["a","b"]}""", null, "groups", "groups:a,groups:b")]
    [InlineData("""{"groups":"a"}""", null, "groups", "groups:a")]
    [InlineData("""{"groups":["a"]}""", """{"groups":["a","c"],"roles":["r"]}""", "groups", "groups:a,groups:c,roles:r")]
    [InlineData("""{"realm_access":{"roles":["x"]}}""", null, "realm_access.roles", "groups:x")]
    [InlineData("""{"https://example.org/groups":["x"]}""", null, "https://example.org/groups", "groups:x")]
    [InlineData("""{"groups":{"a":1}}""", null, "groups", "")]
    [InlineData("""{"groups":[1,null,"","ok"]}""", null, "groups", "groups:ok")]
    [InlineData("""{"groups":5}""", null, "groups", "")]
    public void Values_OfAPerson_AreReadFromBothSources(string idToken, string? userInfo, string claim, string expected)
    {
        var settings = new OidcSettings { GroupsClaim = claim };
        Assert.Equal(expected, string.Join(',', OidcClaims.Person("i", Claims(idToken), userInfo is null ? null : Json(userInfo), settings).Claims));
    }

    [Theory]
    [InlineData("""{"email":"Ada@Example.org","email_verified":true,"name":"Ada"}""", false, "ada@example.org", true, "Ada")]
    [InlineData("""{"email":"ada@example.org","email_verified":"true"}""", false, "ada@example.org", true, "ada@example.org")]
    [InlineData("""{"email":"ada@example.org","email_verified":false}""", false, "ada@example.org", false, "ada@example.org")]
    [InlineData("""{"email":"ada@example.org"}""", false, "ada@example.org", false, "ada@example.org")]
    [InlineData("""{"email":"ada@example.org"}""", true, "ada@example.org", true, "ada@example.org")]
    [InlineData("""{"preferred_username":"ada@example.org"}""", true, "ada@example.org", false, "ada@example.org")]
    [InlineData("{}", true, "s-1", false, "s-1")]
    public void Address_OfAPerson_IsCertainOnlyWhenSaid(string claims, bool trusted, string email, bool verified, string name)
    {
        var person = OidcClaims.Person("i", Claims(claims), null, new() { TrustEmail = trusted });
        Assert.Equal((email, verified, name), (person.Email, person.EmailVerified, person.DisplayName));
    }

    [Fact]
    public void Groups_LeftOutBecauseThereAreTooMany_AreNotTakenForNone() => Assert.Equal(
        OidcFault.TooManyGroups,
        Assert.Throws<OidcFault>(() => OidcClaims.Person("i", Claims("""{"_claim_names":{"groups":"src1"},"_claim_sources":{"src1":{}}}"""), null, new())).Word);

    private static bool Takes(string token)
    {
        try
        {
            return IdToken.Text(IdToken.Read(token, "https://id.example", "portal", "n-1", s_now), "sub") == "s-1";
        }
        catch (OidcFault fault)
        {
            Assert.Equal(OidcFault.Refused, fault.Word);
            return false;
        }
    }

    private static string Token(string changes)
    {
        var claims = new JsonObject
        {
            ["iss"] = "https://id.example", ["aud"] = "portal", ["sub"] = "s-1", ["exp"] = 1_800_000_300, ["iat"] = 1_800_000_000, ["nonce"] = "n-1",
        };
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
            if (value is null) claims.Remove(name);
            else claims[name] = value.DeepClone();
        return $"{Encode("""{"alg":"RS256","typ":"JWT"}""")}.{Encode(claims.ToJsonString())}.signature";
    }

    private static string Encode(string text) => WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(text));

    private static JsonElement Claims(string json)
    {
        var claims = JsonNode.Parse(json)!.AsObject();
        claims["sub"] = "s-1";
        return Json(claims.ToJsonString());
    }

    private static JsonElement Json(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
