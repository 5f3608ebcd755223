using System.Diagnostics;
using AspireGateway.ServiceDefaults.Telemetry;
using OpenTelemetry.Trace;

namespace AspireGateway.Gateway.Tests.Telemetry;

/// <summary>Which traces are made: whole ones, so many a second, and failures beside them.</summary>
public sealed class TraceSamplerTests
{
    private static readonly KeyValuePair<string, object?>[] Failed = [new(TraceSampler.Failed, "model_not_found")];

    private readonly Clock time = new();

    [Fact]
    public void Flood_CostsSoManyASecond_Evenly()
    {
        var sampler = new TraceSampler(10, time);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => Root(sampler)));
        // One place comes back each tenth of a second, not ten at each second's beginning.
        Assert.Equal(Enumerable.Repeat(1, 20), Enumerable.Range(0, 20).Select(_ =>
        {
            time.Now += TimeSpan.FromMilliseconds(100);
            return Enumerable.Range(0, 50).Count(_ => Root(sampler));
        }));
        time.Now += TimeSpan.FromHours(1);
        Assert.Equal(10, Enumerable.Range(0, 100).Count(_ => Root(sampler)));
    }

    [Fact]
    public void WhatIsBelowAChosenSpan_IsChosen_AndTakesNoPlace()
    {
        var sampler = new TraceSampler(1, time);
        Assert.True(Asked(sampler, Parent(ActivityTraceFlags.Recorded, isRemote: false)));
        Assert.True(Root(sampler));
        Assert.True(Asked(sampler, Parent(ActivityTraceFlags.Recorded, isRemote: false)));
        Assert.False(Asked(sampler, Parent(ActivityTraceFlags.None, isRemote: false)));
    }

    [Fact]
    public void SampledCaller_TakesAPlace_AndOneThatIsNotTakesNone()
    {
        var sampler = new TraceSampler(1, time);
        Assert.False(Asked(sampler, Parent(ActivityTraceFlags.None, isRemote: true)));
        Assert.True(Asked(sampler, Parent(ActivityTraceFlags.Recorded, isRemote: true)));
        Assert.False(Asked(sampler, Parent(ActivityTraceFlags.Recorded, isRemote: true)));
        Assert.False(Root(sampler));
    }

    [Fact]
    public void WhatFailed_HasPlacesOfItsOwn()
    {
        var sampler = new TraceSampler(2, time);
        Assert.Equal(2, Enumerable.Range(0, 5).Count(_ => Root(sampler)));
        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => Asked(sampler, Parent(ActivityTraceFlags.None, isRemote: false), Failed)));
        // Below a chosen request it takes none.
        Assert.True(Asked(sampler, Parent(ActivityTraceFlags.Recorded, isRemote: false), Failed));
    }

    [Fact]
    public void NoneASecond_IsNone()
    {
        var sampler = new TraceSampler(0, time);
        Assert.False(Root(sampler));
        Assert.False(Asked(sampler, default, Failed));
    }

    private static bool Root(TraceSampler sampler) => Asked(sampler, default);

    private static bool Asked(TraceSampler sampler, ActivityContext parent, KeyValuePair<string, object?>[]? tags = null) =>
        sampler.ShouldSample(new SamplingParameters(parent, ActivityTraceId.CreateRandom(), "chat", ActivityKind.Internal, tags)).Decision == SamplingDecision.RecordAndSample;

    private static ActivityContext Parent(ActivityTraceFlags flags, bool isRemote) => new(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), flags, isRemote: isRemote);

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Now { get; set; } = TimeSpan.FromDays(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Now.Ticks;
    }
}
