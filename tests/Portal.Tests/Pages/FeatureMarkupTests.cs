using AspireGateway.Portal.Features;
using AspireGateway.Portal.Usage;
using AspireGateway.Portal.Users;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class FeatureMarkupTests
{
    private static readonly NamedUsage Use = new()
    {
        Name = "chat & more", Requests = 4, CostNanoUsd = 10_000_000_000, CostUsd = "10", LastSeenOn = new(2026, 11, 20), Limits = 2, Budgets = [new(Guid.Empty, "monthly", 12_000_000_000, 10_000_000_000, 0)],
    };

    [Fact]
    public async Task FeatureList_WithoutAnOwner_SaysSo_AndOffersToNameOne()
    {
        var page = await Drawn.Async<FeatureList>((nameof(FeatureList.Rows), new[] { new FeatureRow(Use) }), (nameof(FeatureList.MayChange), true));

        Assert.Equal(["Nobody"], page.Texts(".state-warn").Take(1));
        Assert.NotNull(page.QuerySelector("button[aria-label='Name an owner of chat & more']"));
        Assert.Equal("costs/feature?name=chat%20%26%20more&period=month", page.QuerySelector("a.cell-main")!.GetAttribute("href"));
        Assert.Contains("$2.50", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("yesterday", page.TextContent, StringComparison.Ordinal);
        Assert.Equal("83 % of $12.00 monthly", page.Texts("a.state").Single());
        Assert.Equal("2 limits", page.Texts("a.cell-sub").Single());
        // Nothing to edit or take away where nothing is registered.
        Assert.Null(page.QuerySelector("[aria-label^='Edit']"));
    }

    [Fact]
    public async Task FeatureList_ForWhoMayNotChange_HasNoActions()
    {
        var page = await Drawn.Async<FeatureList>((nameof(FeatureList.Rows), new[] { new FeatureRow(Use) { Id = Guid.NewGuid(), OwnerEmail = "ada@example.org", OwnerName = "Ada", OwnerLeft = true } }));
        Assert.Empty(page.QuerySelectorAll("button"));
        Assert.Contains("Ada", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("may not sign in any more", page.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "today")]
    [InlineData(1, "yesterday")]
    [InlineData(9, "9 days ago")]
    [InlineData(40, "12 Oct 2026")]
    public async Task SeenOn_Day_IsSaidAsPeopleSayIt(int back, string words)
    {
        var page = await Drawn.Async<SeenOn>((nameof(SeenOn.Day), new DateOnly(2026, 11, 21).AddDays(-back)));
        Assert.Equal(words, page.TextContent.Trim());
    }

    [Fact]
    public async Task BoundsText_Unknown_SaysSo()
    {
        Assert.Equal("not yours to see", (await Drawn.Async<BoundsText>((nameof(BoundsText.Use), Use with { Limits = null, Budgets = null }), (nameof(BoundsText.ScopeKind), "agent"))).TextContent.Trim());
        Assert.Equal("none of its own", (await Drawn.Async<BoundsText>((nameof(BoundsText.Use), Use with { Limits = 0, Budgets = [] }), (nameof(BoundsText.ScopeKind), "agent"))).TextContent.Trim());
        var unknown = await Drawn.Async<BoundsText>((nameof(BoundsText.Use), Use with { Limits = 0, Budgets = [new(Guid.Empty, "daily", 12_000_000_000, null, null)] }), (nameof(BoundsText.ScopeKind), "agent"));
        Assert.Equal("$12.00 daily", unknown.TextContent.Trim());
    }

    [Fact]
    public async Task PersonList_WhereTheRoleMayChange_OffersIt()
    {
        var person = new PersonRow
        {
            Id = Guid.NewGuid(), Email = "ada@example.org", DisplayName = "Ada", Role = Roles.TeamLead, RoleSource = RoleSources.Mapping, Teams = [new(Guid.NewGuid(), "Commerce", true)], Sessions = 2,
            LastSeenAt = Drawn.Now.AddMinutes(-5), CreatedAt = Drawn.Now.AddDays(-9), HasSignedIn = true,
        };
        var page = await Drawn.Async<PersonList>((nameof(PersonList.Rows), new[] { person }), (nameof(PersonList.MayChange), (Func<PersonRow, bool>)(_ => true)));
        Assert.Contains("Team lead", page.TextContent, StringComparison.Ordinal);
        Assert.Contains("by the sign-in mapping", page.TextContent, StringComparison.Ordinal);
        Assert.Equal("Commerce, lead", page.Texts(".tag").Single());
        Assert.NotNull(page.QuerySelector("[aria-label='Change the role of Ada']"));
        Assert.NotNull(page.QuerySelector("[aria-label='End the sessions of Ada']"));
        var away = await Drawn.Async<PersonList>((nameof(PersonList.Rows), new[] { person with { Sessions = 0 } }), (nameof(PersonList.MayChange), (Func<PersonRow, bool>)(_ => true)));
        Assert.Null(away.QuerySelector("[aria-label='End the sessions of Ada']"));
        Assert.Empty((await Drawn.Async<PersonList>((nameof(PersonList.Rows), new[] { person }))).QuerySelectorAll("button"));
    }
}
