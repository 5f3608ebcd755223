using AspireGateway.Portal.Prices;
using AspireGateway.Shared.Domain;

namespace AspireGateway.Portal.Tests.Pages;

public sealed class PriceMarkupTests
{
    private const long Dollar = 1_000_000_000;

    [Fact]
    public void Changes_OfAPrice_AreNamedByComponent()
    {
        var before = new PriceComponents { Input = 2 * Dollar, CacheRead = Dollar, Output = 8 * Dollar, Request = 1 };
        var after = before with
        {
            Input = 3 * Dollar, CacheRead = null, AudioInput = 5 * Dollar, Request = 0, Tiers = [new() { Name = "flex", Input = Dollar, Output = Dollar }],
            Steps = [new() { Above = 200_000, Input = 4 * Dollar, Output = 9 * Dollar }], Images = [new() { Size = "1024x1024", Price = Dollar }],
        };
        Assert.Equal(
            [
                "input $2.00 $3.00", "audio in - $5.00", "input above 200 k tokens - $4.00", "output above 200 k tokens - $9.00", "input (flex) - $1.00", "output (flex) - $1.00", "image 1024x1024 - $1.00",
                "cached input $1.00 -", "request $0.000000001 -",
            ], PriceChange.Of(before, after).Select(c => $"{c.Component} {c.Before ?? "-"} {c.After ?? "-"}".Replace('\u00A0', ' ')));
        Assert.Empty(PriceChange.Of(before, before with { }));
        Assert.Equal(["input", "cached input", "output", "request"], PriceChange.Of(null, before).Select(c => c.Component));
    }

    [Fact]
    public async Task History_SaysWhatHoldsNow_WhatComes_AndWhatChanged()
    {
        PriceVersionRow Row(int days, long input, PriceComponents? before, DateTimeOffset? until, string source) => new()
        {
            Price = new()
            {
                Id = Guid.CreateVersion7(), DeploymentId = Guid.CreateVersion7(), ValidFrom = Drawn.Now.AddDays(days), Components = new() { Input = input * Dollar, Output = Dollar }, CreatedBy = "a@example.org",
                CreatedAt = Drawn.Now, Source = source,
            },
            Before = before, ValidUntil = until,
        };
        IReadOnlyList<PriceVersionRow> rows =
        [
            Row(2, 3, new() { Input = 2 * Dollar, Output = Dollar }, null, PriceSources.Manual), Row(-1, 2, new() { Input = Dollar, Output = Dollar }, Drawn.Now.AddDays(2), PriceSources.Book),
            Row(-9, 1, null, Drawn.Now.AddDays(-1), PriceSources.Manual),
        ];
        var page = await Drawn.Async<PriceHistory>(("Rows", rows));
        Assert.Equal(["not yet", "holds now"], page.Texts(".state"));
        Assert.Equal(["input$2.00 → to$3.00", "input$1.00 → to$2.00"], page.Texts(".price-changes li"));
        Assert.Contains("the first price", page.Texts("tbody tr")[^1], StringComparison.Ordinal);
        Assert.Equal(["by hand", "from the price book", "by hand"], page.Texts("td:last-child .cell-sub"));
    }
}
